import Base
import HTTP

/// The fields that both sides of a connection know from the start (RFC 7541 appendix A).
enum HPACKStaticTable {
  struct Entry: Sendable {
    let name: StaticString
    let value: StaticString
    let mark: HPACKField.Mark

    init(_ name: StaticString, _ value: StaticString = "") {
      self.name = name
      self.value = value
      // Safety: the span is used within the call, in which the static string's bytes are valid.
      mark = name.withUTF8Buffer { HPACKField.Mark(name: unsafe Span(_unsafeElements: $0)) }
    }
  }

  static let count = 61

  /// Entry 1 stands first.
  static let entries: [Entry] = [
    Entry(":authority"), Entry(":method", "GET"), Entry(":method", "POST"), Entry(":path", "/"),
    Entry(":path", "/index.html"), Entry(":scheme", "http"), Entry(":scheme", "https"),
    Entry(":status", "200"), Entry(":status", "204"), Entry(":status", "206"),
    Entry(":status", "304"), Entry(":status", "400"), Entry(":status", "404"),
    Entry(":status", "500"), Entry("accept-charset"), Entry("accept-encoding", "gzip, deflate"),
    Entry("accept-language"), Entry("accept-ranges"), Entry("accept"),
    Entry("access-control-allow-origin"), Entry("age"), Entry("allow"), Entry("authorization"),
    Entry("cache-control"), Entry("content-disposition"), Entry("content-encoding"),
    Entry("content-language"), Entry("content-length"), Entry("content-location"),
    Entry("content-range"), Entry("content-type"), Entry("cookie"), Entry("date"), Entry("etag"),
    Entry("expect"), Entry("expires"), Entry("from"), Entry("host"), Entry("if-match"),
    Entry("if-modified-since"), Entry("if-none-match"), Entry("if-range"),
    Entry("if-unmodified-since"), Entry("last-modified"), Entry("link"), Entry("location"),
    Entry("max-forwards"), Entry("proxy-authenticate"), Entry("proxy-authorization"),
    Entry("range"), Entry("referer"), Entry("refresh"), Entry("retry-after"), Entry("server"),
    Entry("set-cookie"), Entry("strict-transport-security"), Entry("transfer-encoding"),
    Entry("user-agent"), Entry("vary"), Entry("via"), Entry("www-authenticate"),
  ]

  /// The first entry of a name that responses bear, or 0.
  static func index(of name: FieldName, _ text: Span<UInt8>) -> Int {
    switch name {
    case .cacheControl: return 24
    case .contentEncoding: return 26
    case .contentLength: return 28
    case .contentRange: return 30
    case .contentType: return 31
    case .cookie: return 32
    case .date: return 33
    case .etag: return 34
    case .location: return 46
    case .server: return 54
    case .setCookie: return 55
    case .userAgent: return 58
    case .vary: return 59
    case .via: return 60
    case .accept: return 19
    case .acceptEncoding: return 16
    case .authorization: return 23
    case .referer: return 51
    case .other: return other(text)
    default: return 0
    }
  }

  private static func other(_ name: Span<UInt8>) -> Int {
    switch name.count {
    case 3: ASCII.equals(name, "age") ? 21 : 0
    case 4: ASCII.equals(name, "link") ? 45 : 0
    case 5: ASCII.equals(name, "allow") ? 22 : ASCII.equals(name, "range") ? 50 : 0
    case 7: ASCII.equals(name, "expires") ? 36 : 0
    case 10: ASCII.equals(name, ":authority") ? 1 : 0
    case 11: ASCII.equals(name, "retry-after") ? 53 : 0
    case 13:
      ASCII.equals(name, "last-modified") ? 44 : ASCII.equals(name, "accept-ranges") ? 18 : 0
    case 16: ASCII.equals(name, "www-authenticate") ? 61 : 0
    case 27: ASCII.equals(name, "access-control-allow-origin") ? 20 : 0
    default: 0
    }
  }
}
