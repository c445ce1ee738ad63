import Base
import HTTP
import Testing
import Wire

/// What the request parser takes, what it makes of it, and what it refuses.
struct RequestParserTests {
  // NRM-02.
  @Test(arguments: [
    ("/a/b", "/a/b"), ("/%61/%7e", "/a/~"), ("/a%2fb", "/a%2Fb"), ("/./a/./b/.", "/a/b/"),
    ("/%2e/a", "/a"), ("/a//b", "/a//b"), ("/.//b", "//b"), ("/%c3%a4", "/%C3%A4"),
    ("/a;v=1/b", "/a;v=1/b"), ("/...", "/..."), ("/.a", "/.a"), ("/[x]", "/[x]"),
    ("/a%5Cb", "/a%5Cb"), ("/%25", "/%25"), ("http://h", "/"), ("HTTPS://H/x/./y", "/x/y"),
  ])
  func `The path becomes canonical`(target: String, path: String) throws {
    let request = try #require(one("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n").requests.first)
    #expect(request.path == path)
    #expect(request.host == "h")
  }

  // NRM-04, NRM-05, NRM-06.
  @Test(arguments: [
    ("/a%2fb", PathTraits.encodedDelimiter), ("/%5c", .encodedDelimiter),
    ("/%3b", .encodedDelimiter), ("/%25", .encodedDelimiter), ("/%3f", .encodedDelimiter),
    ("/%23", .encodedDelimiter), ("//", .emptySegment), ("/a//", .emptySegment),
    ("/%61//", .emptySegment), ("/;", .parameter), ("/%61;b", .parameter), ("/a/", PathTraits()),
    ("/%61/", PathTraits()), ("/?//;%2f", PathTraits()),
  ])
  func `What a second parser could read differently is marked`(target: String, traits: PathTraits)
    throws
  {
    let request = try #require(one("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n").requests.first)
    #expect(request.traits == traits.rawValue)
  }

  // NRM-07, SMG-21.
  // SSR-07.
  @Test(arguments: [
    "/..", "/../a", "/a/..", "/%2e%2e/", "/.%2e/a", "/%2E./a", "/a/..;/b", "/%00", "/%", "/%4",
    "/%zz", "/%u0041", "/%c0%af", "/%e0%80%af", "/%ed%a0%80", "/%f5%80%80%80", "/%c3", "/%c3/",
    "/%80", "/a#b", "/a\"", "/<", "/>", "/\\", "/^", "/`", "/{", "/|", "/}", "/?%", "/?%00", "/?#",
    "/?<", "*", "a", "ftp://h/", "http:///", "http://u@h/", "http://other/", "http://h:81/",
    "https://h:80/", "h:80",
  ])
  func `A target that is not plain is refused`(target: String) {
    let read = one("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
    #expect(read.ending == .refused(.malformedRequest))
    #expect(read.requests.isEmpty)
  }

  // RFC 9110 §4.2.3: the scheme's own port is the same as none. SMG-21.
  @Test(arguments: [
    ("http://h:80/", "h"), ("http://h/", "h:80"), ("https://h:443/", "h"), ("http://H./", "h"),
    ("http://h:81/", "h:81"),
  ])
  func `A target and Host may name one authority in two ways`(target: String, host: String) {
    let read = one("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    #expect(read.requests.first?.host == "h")
  }

  // RFC 1035 §2.3.4.
  @Test func `A label has 63 bytes at most, and a name 254 with its dot`() {
    func isTaken(_ host: String) -> Bool {
      !one("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").requests.isEmpty
    }
    let label = String(repeating: "a", count: 63)
    #expect(isTaken(label))
    #expect(!isTaken(label + "a"))
    #expect(isTaken("b." + label + ":80"))
    #expect(!isTaken("b." + label + "a:80"))
    let most = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
    #expect(isTaken(most + "."))
    #expect(!isTaken("c" + most + "."))
    #expect(!isTaken(String(most.dropFirst()) + "b.c"))
  }

  @Test func `Path, query and asterisk are told apart`() throws {
    let plain = try #require(one("GET /a?b=%2f&c?d HTTP/1.1\r\nHost: h\r\n\r\n").requests.first)
    #expect(plain.query == "b=%2f&c?d")
    #expect(one("GET /a? HTTP/1.1\r\nHost: h\r\n\r\n").requests.first?.query == "")
    #expect(one("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").requests.first?.query == nil)
    #expect(one("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").requests.first?.path == "*")
    #expect(one("GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n").requests.first?.query == "q")
  }

  // SMG-14.
  @Test(arguments: [
    ("GET / HTTP/2.0", Problem.versionNotSupported), ("GET / HTTP/1.2", .versionNotSupported),
    ("PRI * HTTP/2.0", .versionNotSupported), ("GET / HTTP/1.1 ", .malformedRequest),
    ("GET / http/1.1", .malformedRequest), ("GET /", .malformedRequest),
    ("GET  / HTTP/1.1", .malformedRequest), ("GET /  HTTP/1.1", .malformedRequest),
    (" GET / HTTP/1.1", .malformedRequest), ("G@T / HTTP/1.1", .malformedRequest),
    ("GET\t/ HTTP/1.1", .malformedRequest), ("GET / HTTP/1.10", .malformedRequest),
    ("TRACE / HTTP/1.1", .methodNotSupported), ("CONNECT h:1 HTTP/1.1", .methodNotSupported),
    ("CONNECT / HTTP/1.1", .malformedRequest), ("GET /\u{e4} HTTP/1.1", .malformedRequest),
  ])
  func `A wrong request line is refused`(line: String, problem: Problem) {
    #expect(one("\(line)\r\nHost: h\r\n\r\n").ending == .refused(problem))
  }

  // SMG-01, SMG-02, SMG-03, SMG-04, SMG-13, SMG-22.
  @Test(arguments: [
    "Host : h", " Host: h", "\tHost: h", ": h", "Host", "Host: h\r\n folded", "Ho st: h",
    "Host: h\nX: y", "Host: h\rX: y", "Host: h\r\nX: \u{0}", "Host: h\r\nX: \u{1}",
    "Host: h\r\nX: \u{7f}", "Host: h\r\nHost: h", "X: y", "Host:", "Host: a,b",
    "Host: u@h", "Host: h h", "Host: h:", "Host: h:0", "Host: h:65536", "Host: h:x", "Host: [::1",
    "Host: *", "Host: *.h", "Host: [1.2.3.4]", "Host: [::g]", "Host: %zz", "Host: h/",
    "Host: %68", "Host: h%2e", "Host: [fe80::1%25eth0]", "Host: .", "Host: .h", "Host: a..b",
    "Host: h..", "Host: [::1].", "Host: [::1]x", "Host: \u{e4}",
    "Host: h\r\nContent-Length: +1", "Host: h\r\nContent-Length: 1, 1",
    "Host: h\r\nContent-Length: 1\r\nContent-Length: 1", "Host: h\r\nContent-Length: ",
    "Host: h\r\nContent-Length: 0x1", "Host: h\r\nContent-Length: -1",
    "Host: h\r\nContent-Length: 9223372036854775808",
    "Host: h\r\nContent-Length: 00000000000000000001",
    "Host: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
    "Host: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1",
    "Host: h\r\nTransfer-Encoding: gzip, chunked", "Host: h\r\nTransfer-Encoding: identity",
    "Host: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "Host: h\r\nTransfer-Encoding: chunked;a=b", "Host: h\r\nTransfer-Encoding: \"chunked\"",
    "Host: h\r\nConnection: a b",
  ])
  func `A wrong header section is refused`(fields: String) {
    #expect(one("POST / HTTP/1.1\r\n\(fields)\r\n\r\n").ending == .refused(.malformedRequest))
  }

  @Test func `A field with an underscore, which some take for a dash, goes no further`() throws {
    let head = "GET / HTTP/1.1\r\nHost: h\r\nX_Consumer_Id: root\r\nA: b\r\n\r\n"
    let request = try #require(one(head).requests.first)
    #expect(!"\(request)".lowercased().contains("root"))
  }

  @Test(arguments: [
    ("H.Example", "h.example", UInt16(0)), ("h:8080", "h", 8080), ("[::1]:1", "[::1]", 1),
    ("127.0.0.1", "127.0.0.1", 0), ("[v1.a:b]", "[v1.a:b]", 0), ("a_b", "a_b", 0),
    ("h:65535", "h", 65535), ("H.Example.", "h.example", 0), ("h.:80", "h", 80),
    ("[2001:0DB8:0::0:1]", "[2001:db8::1]", 0), ("[0:0:0:0:0:0:0:1]:8443", "[::1]", 8443),
    ("[::FFFF:192.0.2.1]", "[::ffff:192.0.2.1]", 0),
    ("[::ffff:c000:201]:1", "[::ffff:192.0.2.1]", 1),
  ])
  func `A host has one form, whatever the case, the zeros and the final dot`(
    value: String, host: String, port: UInt16
  ) throws {
    let request = try #require(one("GET / HTTP/1.1\r\nHost: \(value)\r\n\r\n").requests.first)
    #expect(request.host == host)
    #expect(request.port == port)
  }

  @Test func `Framing and expectation are told`() {
    let post = "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n"
    let chunked = one(post + "Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n").requests.first
    #expect(chunked?.framing == .chunked)
    #expect(chunked?.expectsContinue == true)
    let length = one(post + "Content-Length: 0000000000000000002\r\n\r\nab").requests.first
    #expect(length?.framing == .length(2))
    #expect(length?.body == Array("ab".utf8))
    let empty = one(post + "Content-Length: 0\r\n\r\n").requests.first
    #expect(empty?.expectsContinue == false)
    #expect(one(post + "Expect: x\r\n\r\n").ending == .refused(.expectationFailed))
  }

  // SMG-15.
  @Test func `Fields that Connection names are gone, protected ones are not`() {
    let request = one(
      "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nAuthorization: s\r\n"
        + "Connection: x-a, Authorization,,Content-Length , HOST\r\nContent-Length: 0\r\n\r\n"
    ).requests.first
    #expect(request?.fields.contains("x-a: 1") == false)
    #expect(request?.fields.contains("authorization: s") == true)
    #expect(request?.fields.contains("content-length: 0") == true)
    #expect(request?.fields.contains("host: h") == true)
    let options = String(repeating: "a,", count: 33)
    #expect(
      one("GET / HTTP/1.1\r\nHost: h\r\nConnection: \(options)\r\n\r\n").ending
        == .refused(.malformedRequest))
  }

  @Test(arguments: [
    ("1.1", "X: y", Ending.end), ("1.1", "Connection: Close", .close),
    ("1.1", "Connection: keep-alive, close", .close), ("1.0", "X: y", .close),
    ("1.0", "Connection: Keep-Alive", .end), ("1.0", "Connection: keep-alive, close", .close),
  ])
  func `The connection is kept when both sides may`(version: String, field: String, ending: Ending)
  {
    let read = one("GET / HTTP/\(version)\r\nHost: h\r\n\(field)\r\n\r\n")
    #expect(read.requests.count == 1)
    #expect(read.ending == ending)
  }

  // SMG-05.
  @Test func `Old clients need no Host, and may send no chunks`() {
    #expect(one("GET / HTTP/1.0\r\n\r\n").requests.first?.host == "")
    #expect(one("GET http://h:1/ HTTP/1.0\r\n\r\n").requests.first?.port == 1)
    #expect(
      one("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").ending
        == .refused(.malformedRequest))
  }

  @Test func `One empty line may stand before a request, not two`() {
    let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    #expect(one("\r\n" + request + "\r\n" + request).requests.count == 2)
    #expect(one("\r\n\r\n" + request).ending == .refused(.malformedRequest))
    #expect(one("\n" + request).ending == .refused(.malformedRequest))
    #expect(one("\r" + request).ending == .refused(.malformedRequest))
  }

  // SMG-12.
  @Test func `What is already wrong is refused before the line ends`() {
    #expect(one("GET / HTTP/1.1\r\nX: \u{1}").ending == .refused(.malformedRequest))
    #expect(one("GET / HTTP/1.1\r\nX: a\rb").ending == .refused(.malformedRequest))
    #expect(one("GET / HTTP/1.1\r\nX: a").ending == .incomplete)
    #expect(one("GET / HTTP/1.1\r\nX: a\r").ending == .incomplete)
  }

  @Test func `Every byte that a value may not hold is found wherever it stands`() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<20 {
        var raw = Array("GET / HTTP/1.1\r\nHost: h\r\nX: ".utf8)
        var value = [UInt8](repeating: 0x61, count: 20)
        value[place] = byte
        raw += value + Array("\r\n\r\n".utf8)
        let isAllowed = byte == 0x09 || (byte >= 0x20 && byte != 0x7F)
        let ending = readRequests(raw).ending
        #expect(ending == (isAllowed ? .end : .refused(.malformedRequest)), "\(byte) at \(place)")
      }
    }
  }

  /// Full-width and small forms become delimiters where somebody behind folds them.
  @Test(arguments: [
    ("%EF%BC%8E%EF%BC%8E", 1), ("%ef%bc%8f", 1), ("%EF%BC%BC", 1), ("%EF%B9%A8", 1), ("%0A", 1),
    ("%0d", 1), ("%7F", 1), ("%E2%80%A5", 1), ("%EF%BC%9B", 1), ("%EF%BC%A1", 0), ("%C3%A9", 0),
    ("%E3%82%AB", 0), ("%EF%BD%A1", 0), ("%EF%BCx", -1), ("%20", 0),
  ])
  func `What folds to a delimiter, and control characters, are ambiguous`(
    text: String, traits: Int
  ) {
    let read = one("GET /a/\(text)x HTTP/1.1\r\nHost: h\r\n\r\n")
    #expect(read.requests.first.map { Int($0.traits) } ?? -1 == traits)
  }

  // DOS-06, NRM-22.
  @Test func `Each limit holds on both sides`() {
    var limits = Limits()
    limits.methodBytesMax = 8
    limits.targetBytesMax = 16
    limits.fieldCountMax = 3
    limits.fieldBytesMax = 32
    limits.headBytesMax = 91
    func ending(_ text: String) -> Ending {
      let whole = one(text, limits: limits)
      #expect(whole.ending == readRequests(Array(text.utf8), step: 1, limits: limits).ending)
      return whole.ending
    }
    func text(_ count: Int) -> String { String(repeating: "a", count: count) }
    let end = "HTTP/1.1\r\nHost: h\r\n"
    #expect(ending("\(text(8)) / \(end)\r\n") == .end)
    #expect(ending("\(text(9)) / \(end)\r\n") == .refused(.malformedRequest))
    #expect(ending("GET /\(text(15)) \(end)\r\n") == .end)
    #expect(ending("GET /\(text(16)) \(end)\r\n") == .refused(.requestTargetTooLong))
    #expect(ending("GET /\(text(90))") == .refused(.requestTargetTooLong))
    #expect(ending(text(90)) == .refused(.malformedRequest))
    #expect(ending("GET / \(end)a:\r\nb:\r\n\r\n") == .end)
    #expect(ending("GET / \(end)a:\r\nb:\r\nc:\r\n\r\n") == .refused(.headerTooLarge))
    #expect(ending("GET / \(end)a:\(text(30))\r\n\r\n") == .end)
    #expect(ending("GET / \(end)a:\(text(31))\r\n\r\n") == .refused(.headerTooLarge))
    #expect(ending("GET / \(end)a:\(text(30))\r\nb:\(text(26))\r\n\r\n") == .end)
    #expect(
      ending("GET / \(end)a:\(text(30))\r\nb:\(text(27))\r\n\r\n") == .refused(.headerTooLarge))
  }
}

private func one(
  _ text: String, limits: Limits = Limits()
) -> (requests: [ReadRequest], ending: Ending) {
  readRequests(Array(text.utf8), limits: limits)
}
