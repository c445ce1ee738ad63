import Base
import HTTP
import Testing

@testable import Telemetry

@Suite struct EventTests {
  @Test func `An event tells what was written, figure by figure`() throws {
    var record = EventSample.record()
    record.trace = (0x0AF7_6519_16CD_43DD, 0x8448_EB21_1C80_319C)
    (record.span, record.parentSpan) = (7, 0xB7AD_6B71_6920_3331)
    (record.durationMicroseconds, record.upstreamMicroseconds) = (UInt64.max, 2)
    (record.bytesIn, record.bytesOut) = (1 << 40, 3)
    (record.credential, record.subject) = (11, 12)
    record.status = 429
    record.flags = [.isSecure, .hasParent]
    record.problem = .rateLimited
    record.fault = .client
    record.version = .http2
    (record.shown, record.attempts) = (5, 2)
    let block = EventSample.block(EventSample.request(), record)
    #expect(
      EventSample.only(block) { event in
        event.kind == .exchange && event.worker == 3 && event.sequence == 5
          && event.wallMilliseconds == Logging.moment && event.client == record.client
          && event.trace == record.trace && event.span == 7
          && event.parentSpan == record.parentSpan && event.durationMicroseconds == .max
          && event.upstreamMicroseconds == 2 && event.bytesIn == 1 << 40 && event.bytesOut == 3
          && event.credential == 11 && event.subject == 12 && event.status == 429
          && event.flags == [.isSecure, .hasParent] && event.problem == .rateLimited
          && event.fault == .client && event.version == .http2 && event.method == .get
          && event.shown == 5 && event.attempts == 2
      } == true)
  }

  @Test func `An event tells the texts of its request`() {
    let block = EventSample.block(
      EventSample.request(
        path: "/a", query: "b=c",
        fields: [("user-agent", "curl"), ("referer", "https://x.test/"), ("content-type", "a/b")]),
      consumer: "shop")
    let expected: [(EventText, String)] = [
      (.method, "GET"), (.host, "api.test"), (.path, "/a"), (.query, "b=c"), (.consumer, "shop"),
      (.userAgent, "curl"), (.referer, "https://x.test/"), (.requestType, "a/b"), (.route, ""),
    ]
    for (text, value) in expected { #expect(EventSample.text(block, text) == value) }
  }

  @Test func `Each text is cut at its limit, and the longest event fits`() {
    let long = String(repeating: "x", count: 20_000)
    for text in EventText.allCases {
      let head = EventSample.request(
        path: long, query: long,
        fields: [("user-agent", long), ("referer", long), ("content-type", long)])
      let block = EventSample.block(head, consumer: long, detail: long)
      #expect((EventSample.text(block, text)?.utf8.count ?? .max) <= text.bytesMax)
    }
    #expect(EventText.allCases.count == EventLayout.textCount)
    let whole = EventText.allCases.reduce(EventLayout.texts + 8) { $0 + $1.bytesMax }
    #expect(whole <= EventLayout.bytesMax)
  }

  @Test func `A text of UTF-8 is not cut within a letter`() {
    let consumer = String(repeating: "ä", count: 200)
    let block = EventSample.block(consumer: "x" + consumer)
    #expect(EventSample.text(block, .consumer) == "x" + consumer.prefix(127))
  }

  @Test(arguments: [
    "4111111111111111", "jane.doe@example.com", "jane%40example.co.uk", "j%2Bx%40example.org",
    "gh_0123456789abcdef0123456789abcdef01234567", "AKIAABCDEFGHIJKLMNOP",
    "gha_0123456789abcdef0123456789abcdef01234567",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJlLWh1bnRlcjI",
  ])
  func `LOG-03: a secret or address that shows by its shape is in no event`(secret: String) {
    let block = EventSample.block(
      EventSample.request(
        path: "/a/\(secret)/b", query: "q=\(secret)&r=\(secret)",
        fields: [
          ("user-agent", "x \(secret)"), ("referer", "https://a.test/\(secret)?b=\(secret)"),
          ("authorization", "Bearer \(secret)"), ("cookie", "a=\(secret)"),
          ("content-type", "a/b; c=\(secret)"),
        ]), detail: "about \(secret)!")
    #expect(EventSample.text(block, .path) == "/a/***/b")
    #expect(EventSample.text(block, .query) == "q=***&r=***")
    #expect(EventSample.text(block, .userAgent) == "x ***")
    #expect(EventSample.text(block, .detail) == "about ***!")
    let bytes = EventSample.bytes(block)
    #expect(!String(decoding: bytes, as: UTF8.self).contains(secret))
  }

  @Test(arguments: [
    "a@b", "@example.com", "pkg@1.2.3", "/@scope/name", "a@b.c1", "gh_school_student_information",
    "task-management-system-for-everyone", "AKIA", "xo", "sk", "gh", "A", "%", "%4", "a%40", "@",
  ])
  func `What only looks like a secret is told`(text: String) {
    #expect(EventSample.text(EventSample.block(EventSample.request(path: text)), .path) == text)
  }

  @Test(arguments: ["a@", "a%40", "gh_", "sk-", "a@b.", "AKIA", "xoxb-", "%"])
  func `Text that looks like many secrets takes no longer than other text`(part: String) {
    let text = Array(String(repeating: part + "!", count: 100_000).utf8)
    #expect(SecretShapes.first(in: text.span, from: 0, before: text.count) == nil)
  }

  @Test func `LOG-03: values of secret parameters and of those that are configured are masked`() {
    let head = EventSample.request(
      query: "token=hunter2&page=1&patient=hunter2",
      fields: [("user-agent", "hunter2"), ("referer", "/?code=hunter2")])
    let block = EventSample.block(head, masking: ["patient", "user-agent"])
    #expect(EventSample.text(block, .query) == "token=***&page=1&patient=***")
    #expect(EventSample.text(block, .userAgent) == "***")
    #expect(EventSample.text(block, .referer) == "/?code=***")
  }

  @Test func `A damaged block ends where it is damaged, and never further`() {
    let whole = EventSample.block()
    let bytes = EventSample.bytes(whole)
    #expect(EventBlock(kept: bytes + bytes).count == 2)
    for count in 0..<bytes.count {
      let cut = EventBlock(kept: bytes + bytes[..<count])
      #expect(cut.count == 1)
      #expect(cut.forEach { _ in } == (count == 0))
    }
    // Every byte that says where something is: no reading beyond the block, whatever it says.
    for place in Array(0..<8) + Array(EventLayout.ends..<EventLayout.texts) {
      for value: UInt8 in [0, 1, 7, 0x7F, 0xFF] {
        var changed = bytes
        changed[place] = value
        var read = 0
        EventBlock(kept: changed).forEach { event in
          for text in EventText.allCases { read += event[text].count }
        }
        #expect(read <= bytes.count)
      }
    }
  }
}
