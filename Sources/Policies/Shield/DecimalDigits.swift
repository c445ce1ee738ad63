/// Numbers as decimal digits, without a text in between.
struct DecimalDigits {
  func append(_ number: Int, to bytes: inout [UInt8]) {
    let first = bytes.count
    var left = number.magnitude
    repeat {
      bytes.append(UInt8(truncatingIfNeeded: left % 10) + 0x30)
      left /= 10
    } while left > 0
    bytes[first...].reverse()
  }
}
