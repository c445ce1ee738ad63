import Base
import Testing

@Suite struct HexNameTests {
  private func bits(_ text: String) -> [UInt64]? {
    let bytes = Array(text.utf8)
    return HexName.bits(bytes.span).map { [$0.high, $0.low] }
  }

  @Test func `Digits and hyphens are their bits`() {
    #expect(
      bits("0123456789abcdeffedcba9876543210") == [0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210])
    #expect(
      bits("01234567-89ab-cdef-fedc-ba9876543210") == [
        0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210,
      ])
    #expect(bits(String(repeating: "f", count: 32)) == [.max, .max])
  }

  @Test func `Each byte that is no small digit is refused at each place`() {
    var wrong = 0
    for form in ["0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"] {
      for place in 0..<form.utf8.count {
        for byte in UInt8.min...UInt8.max {
          var text = Array(form.utf8)
          let isHyphen = text[place] == UInt8(ascii: "-")
          text[place] = byte
          let isDigit = (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
          let isRight = isHyphen ? byte == UInt8(ascii: "-") : isDigit
          if (HexName.bits(text.span) != nil) != isRight { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0)
  }

  @Test(arguments: [
    "", "0", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
  ])
  func `Other lengths are refused`(text: String) {
    #expect(bits(text) == nil)
  }
}
