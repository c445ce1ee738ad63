import Formats

/// The keys that an issuer publishes (RFC 7517 §5).
public struct JSONWebKeySet: Sendable {
  /// Longest document, in bytes.
  public static let bytesMax = 256 * 1024
  /// Most keys: each costs a check of its numbers, and each without identifier an attempt.
  public static let keysMax = 64

  /// The keys that can be used here, in their order.
  public let keys: [JSONWebKey]
  /// How many were left out: of unknown kinds, or refused (RFC 7517 §5 asks to ignore them).
  public let ignoredCount: Int

  /// A set of keys that stand somewhere else.
  public init(_ keys: [JSONWebKey]) {
    self.keys = keys
    ignoredCount = 0
  }

  /// Reads a document. Throws unless at least one of its keys can be used.
  public init(json: [UInt8]) throws(JWKError) {
    var limits = JSONIndex.Limits()
    limits.bytesMax = JSONWebKeySet.bytesMax
    limits.depthMax = 8
    let index: JSONIndex
    do throws(JSONFault) {
      index = try JSONIndex(json, limits: limits)
    } catch {
      throw .json(error)
    }
    guard let list = index.root["keys"], list.kind == .array else { throw .member("keys") }
    let elements = list.elements
    guard elements.count <= JSONWebKeySet.keysMax else { throw .count(elements.count) }
    var keys: [JSONWebKey] = []
    for element in elements {
      if let key = try? JSONWebKey(element) { keys.append(key) }
    }
    guard !keys.isEmpty else { throw .count(0) }
    try JSONWebKeySet.checkTogether(keys)
    try JSONWebKeySet.checkIdentifiers(elements)
    self.keys = keys
    ignoredCount = elements.count - keys.count
  }

  /// Throws if the keys may each be used, but not side by side.
  private static func checkTogether(_ keys: [JSONWebKey]) throws(JWKError) {
    let secrets = keys.filter { $0.publicKey == nil }.count
    guard secrets == 0 || secrets == keys.count else { throw .mixed }
  }

  /// Throws if two keys of one kind have one name, even if one of them cannot be used: nobody could
  /// say which of them a token means.
  private static func checkIdentifiers(_ elements: [JSONElement]) throws(JWKError) {
    var seen: Set<[String]> = []
    for element in elements {
      guard let identifier = element["kid"]?.string else { continue }
      let kind = ["kty", "crv", "use"].map { element[$0]?.string ?? "" }
      guard seen.insert(kind + [identifier]).inserted else { throw .duplicateIdentifier }
    }
  }
}
