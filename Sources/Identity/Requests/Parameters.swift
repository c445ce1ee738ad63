import Formats

/// The parameters of a request, from its query or its form.
struct Parameters: Sendable {
  private var values: [String: [String]] = [:]

  /// Most parameters of one request.
  private static let countMax = 64
  /// Longest value, in bytes; request objects and assertions are the longest there are.
  private static let valueBytesMax = 16 * 1024

  /// None.
  init() {}

  /// Reads `application/x-www-form-urlencoded`. Nil if it cannot be read, or is too much.
  init?(_ text: String) {
    guard let pairs = FormText.pairs(text[...].utf8, countMax: Parameters.countMax) else {
      return nil
    }
    for pair in pairs {
      guard pair.value.utf8.count <= Parameters.valueBytesMax else { return nil }
      // RFC 6749 §3.1: a parameter without a value counts as left out.
      if !pair.value.isEmpty { values[pair.name, default: []].append(pair.value) }
    }
  }

  /// Parameters of these names and values.
  init(_ pairs: [(String, String)]) {
    for (name, value) in pairs { values[name, default: []].append(value) }
  }

  /// The value of a parameter; nil if it is left out, and if it is there twice.
  subscript(name: String) -> String? {
    guard let found = values[name], found.count == 1 else { return nil }
    return found[0]
  }

  /// All values of a parameter that may be there more than once.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// Whether a parameter is there.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The name of a parameter that is there more often than it may be (RFC 6749 §3.1); nil if none
  /// is.
  var repeated: String? {
    values.filter { $0.value.count > 1 && $0.key != "resource" && $0.key != "audience" }
      .map(\.key).min()
  }

  /// The value of a parameter that must be there.
  func required(_ name: String) throws(OAuthError) -> String {
    guard let value = self[name] else { throw .invalidRequest("'\(name)' is missing") }
    return value
  }

  /// The words of a parameter, each once (RFC 6749 §3.3).
  func words(_ name: String) -> [String]? {
    guard let text = self[name] else { return nil }
    var words: [String] = []
    for word in text.split(separator: " ") where !words.contains(String(word)) {
      words.append(String(word))
    }
    return words
  }

  /// All of them, for a record.
  var json: JSONValue {
    .object(
      values.sorted { $0.key < $1.key }
        .map { JSONMember($0.key, .array($0.value.map { .string($0) })) })
  }

  /// Reads what `json` wrote.
  init(_ json: JSONValue) {
    for member in json.members {
      values[member.name] = member.value.elements.compactMap(\.string)
    }
  }
}
