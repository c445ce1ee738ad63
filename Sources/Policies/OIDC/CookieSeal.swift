import Crypto
import Formats

/// Seals what a browser keeps for the gateway, so that nobody else can read, change or make it.
///
/// AES-256-GCM with a random nonce (NIST SP 800-38D §8.2.2) and what it is for as associated data.
/// The first key seals, all of them open: that is how keys are changed.
struct CookieSeal: Sendable {
  /// Text that is longer than a browser keeps would not come back.
  static let textBytesMax = 3800
  static let keyBytes = 32

  private let keys: [SymmetricKey]

  /// Keys of 32 bytes each, at least one.
  init(_ keys: [SymmetricKey]) { self.keys = keys }

  /// Sealed text, of characters that a cookie may have; nil if it would be too long.
  func seal(_ plain: [UInt8], for purpose: String) -> String? {
    guard let key = keys.first, let nonce = try? SecureRandom.bytes(AESGCM.nonceBytes) else {
      return nil
    }
    let sealed = key.withBytes { key in
      try? AESGCM.seal(plain.span, key: key, nonce: nonce.span, associated: purpose.utf8.span)
    }
    guard let sealed else { return nil }
    let whole = nonce + sealed.ciphertext + sealed.tag
    let text = Base64.encode(whole.span)
    return text.utf8.count <= CookieSeal.textBytesMax ? text : nil
  }

  /// What was sealed for that purpose; nil for anything else.
  func open(_ text: [UInt8], for purpose: String) -> [UInt8]? {
    guard text.count <= CookieSeal.textBytesMax, let whole = Base64.decode(text.span),
      whole.count >= AESGCM.nonceBytes + AESGCM.tagBytes
    else { return nil }
    let nonce = Array(whole.prefix(AESGCM.nonceBytes))
    let tag = Array(whole.suffix(AESGCM.tagBytes))
    let sealed = Array(whole.dropFirst(AESGCM.nonceBytes).dropLast(AESGCM.tagBytes))
    for key in keys {
      let plain = key.withBytes { key in
        AESGCM.open(
          sealed.span, key: key, nonce: nonce.span, tag: tag.span,
          associated: purpose.utf8.span)
      }
      if let plain { return plain }
    }
    return nil
  }
}
