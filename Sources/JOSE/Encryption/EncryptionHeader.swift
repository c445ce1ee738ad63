import Formats

/// The header of an encrypted message, which may be spread over three places (RFC 7516 §4, §7.2.1).
struct EncryptionHeader {
  let management: KeyManagement
  let content: ContentEncryption
  let identifier: String?
  let isCompressed: Bool
  private let parts: [JSONElement]

  /// Takes what stands in the protected part, beside it, and with the recipient; no name twice.
  ///
  /// Compression is believed only of the protected part.
  init(_ guarded: JSONElement?, _ open: [JSONElement]) throws(TokenRefusal) {
    parts = (guarded.map { [$0] } ?? []) + open
    var names: Set<String> = []
    for part in parts {
      guard part.kind == .object else { throw .header }
      for (name, _) in part.members where !names.insert(name).inserted { throw .header }
    }
    if names.contains("crit") { throw .critical }
    guard let management = try EncryptionHeader.text(parts, "alg"),
      let content = try EncryptionHeader.text(parts, "enc")
    else { throw .header }
    guard let management = KeyManagement(rawValue: management),
      let content = ContentEncryption(rawValue: content)
    else { throw .algorithm }
    self.management = management
    self.content = content
    identifier = try EncryptionHeader.text(parts, "kid")
    switch try EncryptionHeader.text(parts, "zip") {
    case nil: isCompressed = false
    case "DEF"? where guarded?["zip"] != nil: isCompressed = true
    default: throw .header
    }
  }

  /// A member of any part.
  subscript(name: String) -> JSONElement? {
    for part in parts { if let found = part[name] { return found } }
    return nil
  }

  /// The bytes of a member in base64url; nil if it is absent.
  func bytes(_ name: String) throws(TokenRefusal) -> [UInt8]? {
    guard let element = self[name] else { return nil }
    guard let text = element.textBytes, let bytes = Base64.decode(text.span) else { throw .header }
    return bytes
  }

  private static func text(
    _ parts: [JSONElement], _ name: String
  ) throws(TokenRefusal) -> String? {
    for part in parts {
      guard let element = part[name] else { continue }
      guard let text = element.string else { throw .header }
      return text
    }
    return nil
  }
}
