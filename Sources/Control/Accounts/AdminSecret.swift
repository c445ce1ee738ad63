import Crypto
import Storage

/// A secret that the gateway makes, shows once, and keeps as a keyed hash: keys of consumers,
/// tokens of administrators, and the secret of the first start.
struct AdminSecret {
  /// What is shown once.
  let text: String
  /// Its keyed hash.
  let digest: Digest256

  /// Prefixes, by which scanners for leaked secrets can find them.
  static let keyPrefix = "gh_"
  static let tokenPrefix = "gha_"
  static let setupPrefix = "ghs_"

  /// Digits of the hash that are the name of what the secret opens. They begin with the first word
  /// of the hash, so that the name alone finds a key on the loops.
  private static let nameDigits = 24

  init(prefix: String, _ pepper: KeyedHasher) throws(AdminFailure) {
    guard let text = try? KeyForm.make(prefix: prefix) else {
      throw AdminFailure(500, "internal-error", "The gateway failed to answer the request.")
    }
    self.text = text
    digest = AdminSecret.digest(of: text, pepper)
  }

  /// What a secret is hashed to: the HMAC of its SHA-256, so that hashes of a configuration file
  /// can be taken over without the keys.
  static func digest(of text: String, _ pepper: KeyedHasher) -> Digest256 {
    pepper.hash(SHA256Hasher().hash(text.utf8.span))
  }

  /// The name of what a secret with this hash opens.
  static func name(_ digest: Digest256) -> String { String(digest.hex.prefix(nameDigits)) }

  var name: String { AdminSecret.name(digest) }

  /// The first word of the hash that a name was made from; nil for what is no name.
  static func word(ofName name: String) -> UInt64? {
    guard name.utf8.count == nameDigits else { return nil }
    return UInt64(name.prefix(16), radix: 16)
  }
}
