/// A request that a person has put together.
package struct ManualRequest: Sendable {
  package var method: String
  /// Path and query.
  package var target: String
  package var fields: [(name: String, value: String)]
  package var body: [UInt8]?
  package var contentType: String?

  package init(
    method: String, target: String, fields: [(name: String, value: String)], body: [UInt8]?,
    contentType: String?
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
    self.contentType = contentType
  }

  /// The word that a word list's entries take the place of.
  package static let place = "FUZZ"

  /// Whether there is a place for words.
  package var hasPlace: Bool {
    target.contains(ManualRequest.place)
      || fields.contains { $0.value.contains(ManualRequest.place) }
      || body.map { String(decoding: $0, as: UTF8.self).contains(ManualRequest.place) } == true
  }

  /// The same with `word` in each place, written as the place demands.
  package func with(_ word: String) -> ManualRequest {
    var other = self
    other.target = target.replacing(ManualRequest.place, with: URLText.encode(word))
    other.fields = fields.map { ($0.name, $0.value.replacing(ManualRequest.place, with: word)) }
    if let body {
      let text = String(decoding: body, as: UTF8.self)
      let isJSON = contentType?.contains("json") ?? false
      let quoted = String(JSONValue.string(word).serialized.dropFirst().dropLast())
      let isForm = contentType?.contains("urlencoded") ?? false
      let written = isJSON ? quoted : isForm ? URLText.encode(word) : word
      other.body = Array(text.replacing(ManualRequest.place, with: written).utf8)
    }
    return other
  }

  /// The requests of a recording (HAR 1.2), with the status that each was answered with; nil if it
  /// is none.
  package static func recorded(_ bytes: [UInt8]) -> [(request: ManualRequest, status: Int)]? {
    guard let entries = JSONValue.read(bytes)?["log"]?["entries"]?.elements else { return nil }
    return entries.compactMap { entry in
      guard let request = entry["request"], let method = request["method"]?.string,
        let url = request["url"]?.string, let scheme = url.firstRange(of: "://")
      else { return nil }
      let rest = url[scheme.upperBound...]
      let target = rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
      // Framing and what belongs to one connection is not repeated (RFC 9110 §7.6.1).
      let own: Set<String> = [
        "host", "connection", "content-length", "transfer-encoding", "accept-encoding",
        "keep-alive", "te", "upgrade", "proxy-connection",
      ]
      let fields = (request["headers"]?.elements ?? []).compactMap { field -> (String, String)? in
        guard let name = field["name"]?.string?.lowercased(), let value = field["value"]?.string,
          !own.contains(name), !name.hasPrefix(":")
        else { return nil }
        return (name, value)
      }
      let body = request["postData"]?["text"]?.string.map { Array($0.utf8) }
      let found = ManualRequest(
        method: method, target: String(target.prefix { $0 != "#" }), fields: fields, body: body,
        contentType: nil)
      return (found, entry["response"]?["status"]?.integer ?? 0)
    }
  }
}
