import Base
import Formats
import Foundation
import Testing

@Suite struct JSONWriterTests {
  private func text(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    let buffer = writer.take()
    return String(decoding: buffer.storage[..<buffer.writeIndex], as: UTF8.self)
  }

  @Test func `Objects and arrays get their commas`() {
    let json = text { w in
      w.beginObject()
      w.key("a")
      w.integer(-5)
      w.key(escaping: "b\"")
      w.beginArray()
      w.string("x")
      w.boolean(true)
      w.null()
      w.number(1.5)
      w.number(.infinity)
      w.beginObject()
      w.endObject()
      w.endArray()
      w.key("c")
      w.beginArray()
      w.endArray()
      w.endObject()
      w.endLine()
      w.beginObject()
      w.endObject()
    }
    #expect(json == "{\"a\":-5,\"b\\\"\":[\"x\",true,null,1.5,null,{}],\"c\":[]}\n{}")
  }

  @Test(arguments: [
    ("plain ~", "\"plain ~\""), ("\"\\/", "\"\\\"\\\\/\""), ("\n\r\t", "\"\\n\\r\\t\""),
    ("\u{0}\u{1b}\u{7f}", "\"\\u0000\\u001b\\u007f\""), ("é€😀", "\"é€😀\""),
    ("a\u{2028}b\u{2029}", "\"a\\u2028b\\u2029\""), ("\u{202e}\u{2066}", "\"\\u202e\\u2066\""),
    ("\u{85}\u{200b}\u{feff}", "\"\\u0085\\u200b\\ufeff\""), ("", "\"\""),
    ("\u{e0041}", "\"\\udb40\\udc41\""),
  ])
  func `Text is escaped`(raw: String, json: String) {
    #expect(text { $0.string(raw) } == json)
  }

  @Test(
    arguments: [
      ([0xFF], "\\ufffd"), ([0x61, 0xC3], "a\\ufffd"), ([0xC0, 0xAF], "\\ufffd\\ufffd"),
      ([0xED, 0xA0, 0x80], "\\ufffd\\ufffd\\ufffd"),
      ([0xF4, 0x90, 0x80, 0x80], "\\ufffd\\ufffd\\ufffd\\ufffd"),
      ([0xE2, 0x82, 0x41], "\\ufffdA"), ([0xF0, 0x9F, 0x98], "\\ufffd"), ([0x80], "\\ufffd"),
      ([0xE0, 0x80, 0xAF], "\\ufffd\\ufffd\\ufffd"),
    ] as [([UInt8], String)])
  func `What is no UTF-8 is replaced`(raw: [UInt8], json: String) {
    #expect(text { $0.string(raw.span) } == "\"\(json)\"")
  }

  @Test func `Whatever the bytes are, the result is one line of JSON that reads back`() throws {
    var random = Pseudorandom(seed: 11)
    for _ in 0..<5000 {
      let raw = (0..<random.below(24)).map { _ in
        UInt8(random.below(2) == 0 ? random.below(256) : 0xC0 + random.below(64))
      }
      let json = text { $0.string(raw.span) }
      #expect(!json.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
      let back = try JSONDecoder().decode([String].self, from: Data("[\(json)]".utf8))
      #expect(back == [String(decoding: raw, as: UTF8.self)])
    }
  }
}
