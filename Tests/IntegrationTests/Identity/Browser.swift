import Foundation

/// A browser as far as the identity provider sees one: cookies, forms, and redirects that are
/// followed as far as they stay with the provider.
final class Browser {
  /// Scheme, host and port of the provider, as it is written.
  static let origin = "http://localhost"

  private let port: UInt16
  private(set) var cookies: [String: String] = [:]

  init(_ port: UInt16) { self.port = port }

  /// The browser with the cookies of another.
  init(like other: Browser) {
    port = other.port
    cookies = other.cookies
  }

  func forgetCookies() { cookies = [:] }

  func get(_ target: String, _ fields: [String] = []) throws -> Answer {
    try send("GET", target, fields, "")
  }

  func post(
    _ target: String, _ form: [(String, String)], _ fields: [String] = []
  ) throws -> Answer {
    let body = Browser.encoded(form)
    return try send(
      "POST", target,
      [
        "Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)",
      ] + fields, body)
  }

  /// Posts a body as it is.
  func send(
    _ target: String, _ body: String, type: String = "application/x-www-form-urlencoded"
  ) throws -> Answer {
    try send(
      "POST", target, ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"], body)
  }

  private func send(
    _ method: String, _ target: String, _ fields: [String], _ body: String
  ) throws -> Answer {
    var lines = fields
    if !cookies.isEmpty {
      lines.append("Cookie: " + cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
    }
    let answer = try Client(port: port).request(
      method, target, lines, body: body, host: "localhost")
    if let set = answer.fields["set-cookie"] {
      let pair = set.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
      let value = pair.count == 2 ? String(pair[1]) : ""
      cookies[String(pair[0])] = value.isEmpty ? nil : value
    }
    return answer
  }

  /// Where an answer leads at the provider; nil if it leads elsewhere, or nowhere.
  static func target(_ answer: Answer) -> String? {
    guard let location = answer.fields["location"], location.hasPrefix(origin + "/") else {
      return nil
    }
    return String(location.dropFirst(origin.utf8.count))
  }

  /// Follows redirects within the provider.
  func follow(_ first: Answer) throws -> Answer {
    var answer = first
    while let target = Browser.target(answer) { answer = try get(target) }
    return answer
  }

  /// The value of a hidden field.
  static func hidden(_ name: String, in answer: Answer) -> String? {
    let mark = "name=\"\(name)\" value=\""
    guard let start = answer.body.range(of: mark)?.upperBound else { return nil }
    return String(answer.body[start...].prefix { $0 != "\"" })
      .replacingOccurrences(of: "&amp;", with: "&")
  }

  /// The parameters that an answer hands to a client at `uri`.
  static func parameters(_ answer: Answer, at uri: String) -> [String: String]? {
    guard let location = answer.fields["location"], location.hasPrefix(uri + "?") else {
      return nil
    }
    var found: [String: String] = [:]
    for pair in location.dropFirst(uri.utf8.count + 1).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1).map {
        $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? ""
      }
      found[parts[0]] = parts.count == 2 ? parts[1] : ""
    }
    return found
  }

  static func encoded(_ pairs: [(String, String)]) -> String {
    pairs.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
  }

  private static func encoded(_ text: String) -> String {
    var allowed = CharacterSet.alphanumerics
    allowed.insert(charactersIn: "-._~")
    return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
  }
}
