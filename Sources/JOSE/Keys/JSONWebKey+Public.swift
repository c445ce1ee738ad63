public import Crypto
public import Formats

extension JSONWebKey {
  /// What identifies a public key: the members of RFC 7638 §3.2, in the order of their names; nil
  /// if the library does not tell its numbers.
  public static func members(of key: PublicKey) -> [JSONMember]? {
    func text(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes.span)) }
    switch key.numbers {
    case .rsa(let modulus, let exponent):
      return [
        JSONMember("e", text(exponent)), JSONMember("kty", "RSA"), JSONMember("n", text(modulus)),
      ]
    case .point(let curve, let x, let y):
      return [
        JSONMember("crv", .string(curve.rawValue)), JSONMember("kty", "EC"),
        JSONMember("x", text(x)), JSONMember("y", text(y)),
      ]
    case .octets(let curve, let bytes):
      return [
        JSONMember("crv", .string(curve.rawValue)), JSONMember("kty", "OKP"),
        JSONMember("x", text(bytes)),
      ]
    case nil: return nil
    }
  }

  /// The SHA-256 thumbprint of a public key (RFC 7638), in base64url; nil as above.
  public static func thumbprint(of key: PublicKey) -> String? {
    guard let members = members(of: key) else { return nil }
    let text = JSONValue.object(members).serialized
    return Base64.encode(SHA256Hasher().hash(text.utf8.span).bytes.span)
  }
}
