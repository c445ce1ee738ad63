public import Base
public import HTTP

/// What gRPC-Web has in its content that gRPC has not: trailers as a frame, and base64.
public enum GRPCWebFrame {
  /// The bit of a frame's first byte that says that the frame holds trailers.
  private static var trailers: UInt8 { 0x80 }

  /// Appends trailers as the frame that ends the content: HTTP/1.1 lines, names in lower case.
  public static func append(trailers fields: borrowing Fields, to output: inout ByteBuffer) {
    var count = 0
    let lines = fields.lines.span
    for index in lines.indices where !lines[index].name.isEmpty {
      count += Int(lines[index].name.count) + Int(lines[index].value.count) + 4
    }
    output.append(trailers)
    HTTP2FrameHeader.append(UInt32(count), to: &output)
    for index in lines.indices where !lines[index].name.isEmpty {
      output.append(fields[lines[index].name])
      output.append(": ")
      output.append(fields[lines[index].value])
      output.append("\r\n")
    }
  }

  /// Appends bytes in base64 (RFC 4648 §4), padded: a text may be of several such pieces.
  public static func append(base64 bytes: Span<UInt8>, to output: inout ByteBuffer) {
    var at = 0
    while at < bytes.count {
      let left = bytes.count - at
      let group =
        UInt32(bytes[at]) << 16 | (left > 1 ? UInt32(bytes[at + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[at + 2]) : 0)
      output.append(letter(group >> 18))
      output.append(letter(group >> 12 & 63))
      output.append(left > 1 ? letter(group >> 6 & 63) : UInt8(ascii: "="))
      output.append(left > 2 ? letter(group & 63) : UInt8(ascii: "="))
      at += 3
    }
  }

  private static func letter(_ value: UInt32) -> UInt8 {
    let value = UInt8(value)
    return switch value {
    case 0..<26: 0x41 + value
    case 26..<52: 0x61 + value - 26
    case 52..<62: 0x30 + value - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  /// The bytes of a text in base64, of one or several padded pieces; nil if it is none.
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    for at in stride(from: 0, to: text.count, by: 4) {
      var group: UInt32 = 0
      var padding = 0
      for index in at..<at + 4 {
        if text[index] == UInt8(ascii: "="), index >= at + 2 {
          padding += 1
          group <<= 6
        } else {
          guard padding == 0, let value = value(text[index]) else { return nil }
          group = group << 6 | value
        }
      }
      // Bits behind the last byte have to be none (RFC 4648 §3.5).
      if padding > 0, group & (padding == 1 ? 0xFF : 0xFFFF) != 0 { return nil }
      bytes.append(UInt8(group >> 16))
      if padding < 2 { bytes.append(UInt8(group >> 8 & 0xFF)) }
      if padding < 1 { bytes.append(UInt8(group & 0xFF)) }
    }
    return bytes
  }

  private static func value(_ letter: UInt8) -> UInt32? {
    switch letter {
    case 0x41...0x5A: UInt32(letter - 0x41)
    case 0x61...0x7A: UInt32(letter - 0x61) + 26
    case 0x30...0x39: UInt32(letter - 0x30) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
