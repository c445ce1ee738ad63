import Base
import Crypto
import Formats
import HTTP

/// Holds content against what its fields say of it.
enum ContentDigest {
  /// Whether a request says anything of its content.
  static func isTold(_ fields: borrowing Fields) -> Bool {
    fields.joined("content-digest") != nil || fields.joined("digest") != nil
  }

  /// Whether content is what its fields say: every digest that is known here, and at least one.
  static func isRight(_ content: Span<UInt8>, _ fields: borrowing Fields) -> Bool {
    if let told = fields.joined("content-digest"), !matches(content, contentDigest: told) {
      return false
    }
    if let told = fields.joined("digest"), !matches(content, digest: told) { return false }
    return true
  }

  /// `Content-Digest` (RFC 9530 §2): a dictionary of bytes.
  private static func matches(_ content: Span<UInt8>, contentDigest told: [UInt8]) -> Bool {
    guard let members = try? StructuredFieldParser.dictionary(told.span) else { return false }
    var isKnown = false
    for (key, member) in members {
      guard let hash = function(key) else { continue }
      guard case .item(let item) = member, case .bytes(let digest) = item.value,
        digest == hash.hash(content)
      else { return false }
      isKnown = true
    }
    return isKnown
  }

  /// `Digest` of old (RFC 3230 §4.3.2): names and base64, with commas between.
  private static func matches(_ content: Span<UInt8>, digest told: [UInt8]) -> Bool {
    var isKnown = false
    for part in told.split(separator: UInt8(ascii: ",")) {
      let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard pair.count == 2 else { return false }
      let name = String(decoding: pair[0], as: UTF8.self).lowercased()
      guard let hash = function(name.filter { $0 != " " }) else { continue }
      let text = pair[1].filter { $0 != 0x20 }
      guard Base64.decode(text.span, .standard) == hash.hash(content) else { return false }
      isKnown = true
    }
    return isKnown
  }

  private static func function(_ name: String) -> HashFunction? {
    switch name {
    case "sha-256": .sha256
    case "sha-512": .sha512
    default: nil
    }
  }
}

extension Fields {
  /// The values of all fields called `name`, in lower case, joined with commas (RFC 9110 §5.3).
  func joined(_ name: String) -> [UInt8]? {
    let wanted = Array(name.utf8)
    var joined: [UInt8]?
    for line in lines where !line.name.isEmpty && ASCII.equals(self[line.name], wanted.span) {
      joined = (joined.map { $0 + [UInt8(ascii: ","), 0x20] } ?? []) + arena[line.value.range]
    }
    return joined
  }
}
