import Formats

/// A public key that a target publishes, in the forms that a careless library takes for a shared
/// secret (RFC 8725 §2.1).
enum PublishedKey {
  /// Where key sets usually are (RFC 8414, RFC 7517).
  static let places = [
    "/.well-known/jwks.json", "/jwks.json", "/.well-known/jwks", "/jwks", "/oauth/jwks",
    "/auth/jwks.json", "/identity/.well-known/jwks.json", "/api/.well-known/jwks.json",
  ]

  /// The texts that stand for the RSA keys of a key set; none if it holds no such key.
  static func secrets(of set: JSONValue) -> [String] {
    set.objects.flatMap { key -> [String] in
      guard key["kty"]?.string == "RSA", let n = key["n"]?.string, let e = key["e"]?.string,
        let modulus = Base64.decode(n.utf8.span), let exponent = Base64.decode(e.utf8.span),
        modulus.count >= 64, modulus.count <= 2048, exponent.count <= 8
      else { return [] }
      let base = Base64.encode(info(modulus, exponent).span, .standard)
      var lines = ""
      for (place, character) in base.enumerated() {
        if place > 0, place.isMultiple(of: 64) { lines += "\n" }
        lines.append(character)
      }
      let text = "-----BEGIN PUBLIC KEY-----\n\(lines)\n-----END PUBLIC KEY-----"
      return [text + "\n", text, base, lines]
    }
  }

  /// A key as SubjectPublicKeyInfo (RFC 5280 §4.1, RFC 8017 §A.1.1).
  private static func info(_ modulus: [UInt8], _ exponent: [UInt8]) -> [UInt8] {
    let rsa: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0]
    let key = element(0x30, integer(modulus) + integer(exponent))
    return element(0x30, element(0x30, rsa) + element(0x03, [0] + key))
  }

  private static func integer(_ bytes: [UInt8]) -> [UInt8] {
    let trimmed = Array(bytes.drop { $0 == 0 })
    return element(0x02, (trimmed.first ?? 0) >= 0x80 ? [0] + trimmed : trimmed)
  }

  /// DER (X.690 §8.1).
  private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    if count < 0x80 { return [tag, UInt8(count)] + content }
    if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
    return [tag, 0x82, UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)] + content
  }
}
