import Formats

/// Tokens that no longer count, although they have not expired (JWT-15).
struct TokenRevocations: Sendable {
  /// By `jti`, and by the session that a token belongs to.
  private let identifiers, sessions: Set<String>
  /// By subject: tokens that were issued up to then, in seconds since 1970.
  private let subjects: [String: Double]

  private static let limits: JSONLimits = {
    var limits = JSONLimits()
    limits.bytesMax = bytesMax
    limits.valuesMax = 1_000_000
    limits.membersMax = 1_000_000
    return limits
  }()

  /// Longest list, in bytes: some hundred thousand tokens.
  static let bytesMax = 16 * 1024 * 1024

  /// Reads an object of the lists `jti` and `sid`, and of times by subject under `sub`; nil for
  /// anything else.
  init?(_ document: [UInt8]) {
    guard let root = try? JSONIndex(document, limits: TokenRevocations.limits).root,
      root.kind == .object
    else { return nil }
    var lists: [Set<String>] = []
    for name in ["jti", "sid"] {
      guard let list = root[name] else {
        lists.append([])
        continue
      }
      let words = list.elements.compactMap(\.string)
      guard list.kind == .array, words.count == list.elements.count else { return nil }
      lists.append(Set(words))
    }
    var subjects: [String: Double] = [:]
    for member in root["sub"]?.members ?? [] {
      guard let time = member.value.number else { return nil }
      subjects[member.name] = time
    }
    if let list = root["sub"], list.kind != .object { return nil }
    (identifiers, sessions, self.subjects) = (lists[0], lists[1], subjects)
  }

  /// Whether a token with these claims no longer counts. One that does not say when it was issued
  /// may be as old as any.
  func holds(_ claims: JSONElement) -> Bool {
    if !identifiers.isEmpty, let name = claims["jti"]?.string, identifiers.contains(name) {
      return true
    }
    if !sessions.isEmpty, let name = claims["sid"]?.string, sessions.contains(name) {
      return true
    }
    guard !subjects.isEmpty, let name = claims["sub"]?.string, let until = subjects[name] else {
      return false
    }
    return (claims["iat"]?.number ?? 0) <= until
  }
}
