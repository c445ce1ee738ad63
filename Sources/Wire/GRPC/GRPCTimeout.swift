/// How long a caller waits, as `grpc-timeout` says (gRPC over HTTP/2, "Requests").
public enum GRPCTimeout {
  /// The time in nanoseconds, as far as they can be counted; nil if the value is none: one to
  /// eight digits and a unit.
  public static func nanoseconds(_ text: Span<UInt8>) -> UInt64? {
    guard text.count >= 2, text.count <= 9 else { return nil }
    var number: UInt64 = 0
    for index in 0..<text.count - 1 {
      let digit = text[index] &- 0x30
      if digit > 9 { return nil }
      number = number * 10 + UInt64(digit)
    }
    guard let unit = unit(text[text.count - 1]) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? .max : product
  }

  private static func unit(_ letter: UInt8) -> UInt64? {
    switch letter {
    case UInt8(ascii: "H"): 3_600_000_000_000
    case UInt8(ascii: "M"): 60_000_000_000
    case UInt8(ascii: "S"): 1_000_000_000
    case UInt8(ascii: "m"): 1_000_000
    case UInt8(ascii: "u"): 1_000
    case UInt8(ascii: "n"): 1
    default: nil
    }
  }
}
