import Base
import HTTP
import Testing

@testable import Wire

/// Requests that could turn into others once they are written in HTTP/1.1: each is refused, by a
/// reset or an answer, and none comes out as a request (RFC 9113 §8.2 and §8.3, CVE-2023-27491).
@Suite struct MalformedRequestTests {
  static let fields: [(String, String)] = [
    ("X-Upper", "1"), ("connection", "keep-alive"), ("connection", "x"), ("te", "gzip"),
    ("transfer-encoding", "chunked"), ("upgrade", "h2c"), ("keep-alive", "1"),
    ("proxy-connection", "keep-alive"), ("http2-settings", "x"), ("x", "a\nb"), ("x", "a\r\nb: c"),
    ("x", "a\u{0}b"), ("x", "a\rb"), ("x", "a\u{1}"), ("x", " a"), ("x", "a "), ("x", "a\t"),
    ("a b", "1"), ("a:b", "1"), ("a\nb", "1"), ("a\r\nb", "1"), ("", "1"), ("a\u{0}", "1"),
    ("ä", "1"), (":unknown", "1"), (":status", "200"), (":protocol", "websocket"),
    (":path", "/late"), ("content-length", "x"), ("content-length", "-1"),
    ("content-length", "+0"), ("content-length", "0, 0"), ("host", "other.test"), ("expect", "x"),
    ("content-length", "5"),
  ]

  // H2-08, H2-09, H2-12.
  @Test(arguments: fields) func `A field that breaks the rules is refused`(
    _ name: String, _ value: String
  ) { #expect(isRefused(Frame.get + [(name, value)])) }

  // H2-10.
  @Test(arguments: [
    (":method", ""), (":method", "G T"), (":method", "GET\r\nX: y"), (":method", "GET /x HTTP/1.1"),
    (":path", ""), (":path", "x"), (":path", "*"), (":path", "/a b"), (":path", "/a\r\nX: y"),
    (":path", "/a\nb"), (":path", "/a#b"), (":path", "http://api.test/"), (":path", "/%00"),
    (":path", "/a/../b"), (":path", "/%zz"), (":authority", "a\r\nb"), (":authority", "a b"),
    (":authority", "user@api.test"), (":authority", ""), (":authority", "api.test:0"),
    (":authority", "a,b"), (":authority", "api.test/"), (":scheme", "http\r\nX: y"),
    (":scheme", "ftp"), (":scheme", ""), (":scheme", "http://x/"),
  ]) func `A pseudo-header that breaks the rules is refused`(_ name: String, _ value: String) {
    #expect(isRefused(Frame.get.map { $0.0 == name ? (name, value) : $0 }))
  }

  // H2-10.
  @Test(arguments: [":method", ":scheme", ":path", ":authority"])
  func `A pseudo-header that is missing or there twice is refused`(_ name: String) {
    #expect(isRefused(Frame.get.filter { $0.0 != name }))
    #expect(isRefused(Frame.get + Frame.get.filter { $0.0 == name }))
  }

  // H2-13, SSR-07.
  @Test func `CONNECT with a path, CONNECT and TRACE are refused`() {
    #expect(isRefused([(":method", "CONNECT")] + Frame.get.dropFirst()))
    #expect(isRefused([(":method", "CONNECT"), (":authority", "api.test:443")]))
    #expect(isRefused([(":method", "TRACE")] + Frame.get.dropFirst()))
  }

  // H2-08.
  @Test func `Two lengths are refused even if they are the same`() {
    let fields = Frame.post + [("content-length", "1"), ("content-length", "1")]
    #expect(isRefused(fields, ends: false))
  }

  // H2-11.
  @Test func `Host in the place of :authority, and beside it, is the same host`() throws {
    let connection = ServedConnection()
    connection.feed(Frame.request(1, Frame.get.dropLast() + [("host", "API.test:80")]))
    connection.feed(Frame.request(3, Frame.get + [("host", "API.TEST")]))
    try #require(connection.heads.count == 2)
    for head in connection.heads {
      #expect(head.fields.text(head.host) == "api.test")
      #expect(head.fields.count(.host) == 1)
    }
    #expect(connection.heads[0].port == 80)
  }

  @Test func `Cookies that come in several fields go on as one`() throws {
    let connection = ServedConnection()
    connection.feed(
      Frame.request(1, Frame.get + [("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")]))
    let head = try #require(connection.heads.first)
    #expect(head.fields.count(.cookie) == 1)
    #expect(head.fields.value(.cookie).map { head.fields.text($0) } == "a=1; b=2")
  }

  @Test func `Paths are brought into the same form as in HTTP 1`() throws {
    let connection = ServedConnection()
    let path = (":path", "/a/./%7eb//c;p?x=%41&y")
    connection.feed(Frame.request(1, Frame.get.map { $0.0 == ":path" ? path : $0 }))
    let head = try #require(connection.heads.first)
    var input = ByteBuffer()
    input.append(utf8: "GET \(path.1) HTTP/1.1\r\nhost: api.test\r\n\r\n")
    var parser = RequestParser(limits: Limits())
    var same = RequestHead()
    guard case .complete = parser.parse(&input, into: &same) else { return #expect(Bool(false)) }
    #expect(head.fields.text(head.path) == same.fields.text(same.path))
    #expect(head.fields.text(head.query) == same.fields.text(same.query))
    #expect(head.pathTraits == same.pathTraits && head.hasQuery && head.method == same.method)
  }

  @Test func `A field with an underscore in its name is dropped`() throws {
    let connection = ServedConnection()
    connection.feed(Frame.request(1, Frame.get + [("x_consumer-id", "1")]))
    let head = try #require(connection.heads.first)
    #expect(head.fields.lines.count == 1)
  }

  private func isRefused(_ fields: [(String, String)], ends: Bool = true) -> Bool {
    let connection = ServedConnection()
    connection.feed(Frame.request(1, fields, ends: ends))
    if !connection.heads.isEmpty || connection.reasons.count != 1 { return false }
    // The connection goes on: the next request is answered.
    connection.feed(Frame.request(3))
    return connection.heads.count == 1
  }
}
