import Base
import Formats
import HTTP
import PolicyKit
import Testing

@testable import Policies

@Suite struct CompressTests {
  private static func policy(_ yaml: String = "{}") -> CompressPolicy {
    let (policy, report) = PolicyBench.make(CompressPolicy.self, yaml)
    #expect(report == "")
    return policy
  }

  private static func exchange(
    accepts: String? = "gzip", method: Method = .get, status: Int = 200,
    _ fields: [(String, String)] = [("content-type", "application/json")],
    framing: BodyFraming = .length(5000)
  ) -> BenchExchange {
    let exchange = PolicyBench.exchange(
      accepts.map { [("accept-encoding", $0)] } ?? [], method: method)
    exchange.response.status = status
    exchange.response.framing = framing
    for (name, value) in fields {
      exchange.response.fields.append(name: name.utf8.span, value: value.utf8.span)
    }
    return exchange
  }

  private static func chosen(_ exchange: BenchExchange, _ yaml: String = "{}") -> ContentCoding? {
    exchange.coding(by: policy(yaml))?.coding
  }

  @Test(arguments: [
    ("gzip", ContentCoding.gzip), ("br", .br), ("zstd", .zstd), ("gzip, deflate, br, zstd", .zstd),
    ("gzip, br", .br), ("GZIP;q=1.0, br;q=0.9", .gzip), ("*", .zstd), ("*;q=0.1, gzip", .gzip),
    ("zstd;q=0, *", .br), ("x-gzip", .gzip), ("gzip;q=0.001", .gzip),
    ("br ; q=0.5 ,\tgzip;q=0.4", .br),
    (", ,gzip", .gzip), ("identity;q=0.5, gzip", .gzip),
  ])
  func `The coding that the client likes best is taken, ours among equals`(
    accepted: String, coding: ContentCoding
  ) {
    #expect(Self.chosen(Self.exchange(accepts: accepted)) == coding)
  }

  @Test(arguments: [
    nil, "", "identity", "deflate", "gzip;q=0", "*;q=0", "gzip;q=2", "gzip;q=x", "gzip;level=9",
    "gzip;q=1.0001", "identity, gzip;q=0.5", "compress", "gzi p", "gzip;q=",
  ])
  func `A client that takes none gets the content as it is, and caches know`(accepted: String?) {
    let exchange = Self.exchange(accepts: accepted)
    #expect(Self.chosen(exchange) == nil)
    #expect(PolicyBench.value(exchange.response.fields, "vary") == "accept-encoding")
  }

  @Test func `Several lines of Accept-Encoding are one list`() {
    let exchange = Self.exchange(accepts: "gzip;q=0.1")
    exchange.request.fields.append(name: "accept-encoding", text: "br")
    #expect(Self.chosen(exchange) == .br)
  }

  @Test(arguments: [
    "application/json", "Application/JSON; charset=utf-8", "text/html", "text/event-stream",
    "application/problem+json", "image/svg+xml", "application/vnd.api+json;version=1",
  ])
  func `Text of all kinds is compressed`(type: String) {
    #expect(Self.chosen(Self.exchange([("content-type", type)])) == .gzip)
  }

  @Test(arguments: [
    "image/png", "application/octet-stream", "application/zip", "video/mp4", "application/jsonp",
    "textual/html", "application/json2", "", "json",
  ])
  func `Other content is not, and its Vary is its own`(type: String) {
    let exchange = Self.exchange([("content-type", type)])
    #expect(Self.chosen(exchange) == nil)
    #expect(PolicyBench.value(exchange.response.fields, "vary") == nil)
  }

  @Test func `Nothing is compressed that has no type, or two`() {
    #expect(Self.chosen(Self.exchange([])) == nil)
    #expect(
      Self.chosen(
        Self.exchange([("content-type", "text/html"), ("content-type", "text/plain")])) == nil)
  }

  @Test(arguments: [204, 205, 206, 304, 101])
  func `Statuses without content, and parts, stay as they are`(status: Int) {
    #expect(Self.chosen(Self.exchange(status: status)) == nil)
  }

  @Test(arguments: [
    [("content-encoding", "br")], [("content-range", "bytes 0-99/5000")],
    [("cache-control", "max-age=60, no-transform")], [("cache-control", "private, max-age=60")],
    [("set-cookie", "a=b")], [("cache-control", "private=\"x-a\"")],
  ])
  func `What is encoded, a part, not to be changed, or one caller's stays as it is`(
    fields: [(String, String)]
  ) {
    #expect(Self.chosen(Self.exchange([("content-type", "text/html")] + fields)) == nil)
  }

  @Test func `What is one caller's is compressed where the route says so`() {
    let cookie = [("content-type", "text/html"), ("set-cookie", "a=b")]
    #expect(Self.chosen(Self.exchange(cookie), "{ private: true }") == .gzip)
    let own = [("content-type", "text/html"), ("cache-control", "private")]
    #expect(Self.chosen(Self.exchange(own), "{ private: true }") == .gzip)
  }

  @Test func `A client may ask that nothing is changed`() {
    let exchange = Self.exchange()
    exchange.request.fields.append(name: "cache-control", text: "no-transform")
    #expect(Self.chosen(exchange) == nil)
  }

  @Test func `Short content stays as it is, at the bound it does not`() {
    #expect(Self.chosen(Self.exchange(framing: .length(1023))) == nil)
    #expect(Self.chosen(Self.exchange(framing: .length(1024))) == .gzip)
    #expect(Self.chosen(Self.exchange(framing: .length(0)), "{ size: 0 }") == nil)
    #expect(Self.chosen(Self.exchange(framing: .chunked)) == .gzip)
    #expect(Self.chosen(Self.exchange(framing: .length(10)), "{ size: 10 }") == .gzip)
  }

  @Test func `HEAD is told what GET would get`() {
    let fields = [("content-type", "text/html"), ("content-length", "5000")]
    #expect(Self.chosen(Self.exchange(method: .head, fields, framing: .none)) == .gzip)
    let short = [("content-type", "text/html"), ("content-length", "50")]
    #expect(Self.chosen(Self.exchange(method: .head, short, framing: .none)) == nil)
  }

  @Test func `Vary is added once, and not to everything`() {
    for (before, after) in [("Accept-Encoding", nil), ("*", nil), ("origin", "accept-encoding")] {
      let exchange = Self.exchange([("content-type", "text/html"), ("vary", before)])
      #expect(Self.chosen(exchange) == .gzip)
      let lines = exchange.response.fields.lines.filter { $0.id == .vary }
        .map { exchange.response.fields.text($0.value) }
      #expect(lines == [before] + [after].compactMap { $0 })
    }
  }

  @Test func `The validator of a 304 is that of the encoded content`() {
    for (accepted, tag, expected) in [
      ("gzip", "\"a\"", "W/\"a\""), ("gzip", "W/\"a\"", "W/\"a\""), ("identity", "\"a\"", "\"a\""),
    ] {
      let exchange = Self.exchange(
        accepts: accepted, status: 304, [("etag", tag)], framing: .none)
      #expect(Self.chosen(exchange) == nil)
      #expect(PolicyBench.value(exchange.response.fields, "etag") == expected)
    }
  }

  @Test(arguments: [
    "{ codings: [lzma] }", "{ codings: [] }", "{ types: [json] }", "{ types: ['*/*'] }",
    "{ types: ['*/*+'] }", "{ gzip-level: 0 }", "{ br-level: 11 }", "{ zstd-level: 22 }",
    "{ x: 1 }",
    "{ types: ['te*/html'] }", "{ types: [text/] }",
  ])
  func `Wrong settings are reported`(yaml: String) {
    #expect(PolicyBench.make(CompressPolicy.self, yaml).report != "")
  }

  @Test func `Levels and codings are those that are set`() {
    let choice = Self.exchange(accepts: "*").coding(
      by: Self.policy("{ codings: [gzip], gzip-level: 9, types: [application/json] }"))
    #expect(choice == ResponseCoding(.gzip, level: 9))
  }
}
