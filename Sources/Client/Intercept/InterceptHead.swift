/// The head of a request to a proxy (RFC 9112 §3.2), read strictly: one form of line end, one
/// length, no continued fields.
package struct InterceptHead: Sendable {
  package enum Outcome: Sendable {
    case incomplete
    /// The head, and how many bytes it took.
    case complete(InterceptHead, Int)
    case refused(String)
  }

  /// The most bytes of a head.
  package static let bytesMax = 64 * 1024

  package let method: String
  /// As it stands in the request line: a path, an absolute URL, or `host:port` for CONNECT.
  package let target: String
  package let fields: [(name: String, value: String)]
  /// Bytes of content; nil for chunked.
  package let length: Int?

  /// Reads a head from the front of `bytes`.
  package static func read(_ bytes: ArraySlice<UInt8>) -> Outcome {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard let place = bytes.firstRange(of: end) else {
      return bytes.count > bytesMax ? .refused("the head is too large") : .incomplete
    }
    let count = place.upperBound - bytes.startIndex
    guard count <= bytesMax else { return .refused("the head is too large") }
    let text = String(decoding: bytes[..<place.lowerBound], as: UTF8.self)
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", !words[0].isEmpty,
      !words[1].isEmpty
    else { return .refused("the request line is malformed") }
    var fields: [(name: String, value: String)] = []
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
        !line[..<colon].contains(where: { $0 == " " || $0 == "\t" }),
        !line.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0 })
      else { return .refused("a field is malformed") }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      fields.append((line[..<colon].lowercased(), String(value)))
    }
    return framed(String(words[0]), String(words[1]), fields, count)
  }

  /// RFC 9112 §6.3: what says two lengths, or a coding that is not known, is refused.
  private static func framed(
    _ method: String, _ target: String, _ fields: [(name: String, value: String)], _ count: Int
  ) -> Outcome {
    let codings = fields.filter { $0.name == "transfer-encoding" }
    let lengths = fields.filter { $0.name == "content-length" }
    var length: Int? = 0
    if !codings.isEmpty {
      guard codings.count == 1, codings[0].value.lowercased() == "chunked", lengths.isEmpty else {
        return .refused("the framing is ambiguous")
      }
      length = nil
    } else if let given = lengths.first {
      guard lengths.count == 1, let number = Int(given.value), number >= 0,
        given.value.allSatisfy(\.isNumber)
      else { return .refused("the length is malformed") }
      length = number
    }
    let head = InterceptHead(method: method, target: target, fields: fields, length: length)
    return .complete(head, count)
  }

  /// The fields that go on: none of framing, none of the connection (RFC 9110 §7.6.1).
  var forwarded: [(name: String, value: String)] {
    let named = fields.filter { $0.name == "connection" }
      .flatMap { $0.value.lowercased().split(separator: ",").map { $0.filter { $0 != " " } } }
    let own: Set<String> = [
      "connection", "proxy-connection", "keep-alive", "te", "trailer", "transfer-encoding",
      "upgrade", "content-length", "host", "proxy-authorization", "expect", "accept-encoding",
    ]
    return fields.filter { !own.contains($0.name) && !named.contains($0.name) }
  }
}
