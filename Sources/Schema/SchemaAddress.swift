/// Addresses of schemas: URI references, and how they are resolved (RFC 3986 §5.2).
struct SchemaAddress {
  var scheme: String?
  var authority: String?
  var path: String
  var query: String?
  var fragment: String?

  /// Takes a reference apart (RFC 3986, appendix B).
  init(_ text: String) {
    var rest = Substring(text)
    if let mark = rest.firstIndex(of: "#") {
      fragment = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    if let colon = rest.firstIndex(of: ":"), colon > rest.startIndex,
      !rest[..<colon].contains(where: { $0 == "/" || $0 == "?" })
    {
      scheme = String(rest[..<colon])
      rest = rest[rest.index(after: colon)...]
    }
    if let mark = rest.firstIndex(of: "?") {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    if rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex(of: "/") ?? rest.endIndex
      authority = String(rest[..<end])
      rest = rest[end...]
    }
    path = String(rest)
  }

  /// The address without its fragment.
  var document: String {
    (scheme.map { $0 + ":" } ?? "") + (authority.map { "//" + $0 } ?? "") + path
      + (query.map { "?" + $0 } ?? "")
  }

  /// What `reference` means in a document at `base`.
  static func resolve(_ reference: String, against base: String) -> SchemaAddress {
    var result = SchemaAddress(reference)
    if result.scheme != nil {
      result.path = withoutDots(result.path)
      return result
    }
    let base = SchemaAddress(base)
    result.scheme = base.scheme
    if result.authority != nil {
      result.path = withoutDots(result.path)
      return result
    }
    result.authority = base.authority
    if result.path.isEmpty {
      result.path = base.path
      if result.query == nil { result.query = base.query }
    } else if result.path.hasPrefix("/") {
      result.path = withoutDots(result.path)
    } else {
      let folder = base.path.lastIndex(of: "/").map { String(base.path[...$0]) }
      let root = base.authority != nil ? "/" : ""
      result.path = withoutDots((folder ?? root) + result.path)
    }
    return result
  }

  /// Undoes `.` and `..` (RFC 3986 §5.2.4).
  private static func withoutDots(_ path: String) -> String {
    guard path.contains("/") else { return path }
    var kept: [Substring] = []
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    for (place, part) in parts.enumerated() {
      let isLast = place == parts.count - 1
      switch part {
      case ".": if isLast { kept.append("") }
      case "..":
        if kept.count > 1 { kept.removeLast() }
        if isLast { kept.append("") }
      default: kept.append(part)
      }
    }
    return kept.joined(separator: "/")
  }
}
