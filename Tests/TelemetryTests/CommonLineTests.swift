import Base
import HTTP
import Testing

@testable import Telemetry

@Suite struct CommonLineTests {
  @Test func `The formats have their columns`() {
    var record = Logging.record()
    record.bytesOut = 2326
    record.version = .http10
    let request = Logging.request(
      path: "/a.gif", query: "x=1", fields: [("user-agent", "Mozilla/4.08 [en]")])
    let common = Logging.line(request, record, format: .common, consumer: "frank")
    #expect(
      common
        == #"192.0.2.7 - frank [03/Feb/2026:04:05:06 +0000] "GET /a.gif?x=1 HTTP/1.0" 200 2326"#)
    #expect(
      Logging.line(request, record, format: .combined, consumer: "frank")
        == common + #" "-" "Mozilla/4.08 [en]""#)
  }

  @Test func `A request that could not be read is a dash`() {
    let line = Logging.line(RequestHead(), format: .combined)
    #expect(line.hasSuffix(#"] "-" 200 0 "-" "-""#))
  }

  @Test func `Quotes, controls and bytes beyond ASCII are escaped`() {
    let request = Logging.request(
      path: "/a b\"\\", fields: [("user-agent", "x\"\r\n\u{1B}[0m\u{202E} é")])
    let line = Logging.line(request, format: .combined, consumer: "two words\n")
    #expect(line.contains(#""GET /a\x20b\x22\x5c HTTP/1.1""#))
    #expect(line.contains(#""x\x22\x0d\x0a\x1b[0m\xe2\x80\xae \xc3\xa9""#))
    #expect(line.contains(#" - two\x20words\x0a ["#))
    #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_827_696_007, "2000-02-29T12:34:56.007Z"),
      (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
      (4_102_444_800_050, "2100-01-01T00:00:00.050Z"),
    ] as [(UInt64, String)])
  func `The clock knows the calendar`(milliseconds: UInt64, expected: String) {
    var clock = LogClock(isCommon: false)
    for _ in 0..<2 {
      var text = ByteBuffer()
      text.write(atMost: 64) { clock.append(milliseconds, to: &$0) }
      #expect(String(decoding: text.storage[..<text.count], as: UTF8.self) == expected)
    }
  }
}
