public import Crypto
public import Formats

extension JSONWebKey {
  /// The SHA-256 thumbprint of a public key (RFC 7638): the same whatever else its JSON holds.
  ///
  /// Nil if a member that counts is missing or is no text.
  public static func thumbprint(_ object: JSONElement) -> Digest256? {
    let names: [String]
    switch object["kty"]?.string {
    case "RSA": names = ["e", "kty", "n"]
    case "EC": names = ["crv", "kty", "x", "y"]
    case "OKP": names = ["crv", "kty", "x"]
    default: return nil
    }
    var text: [UInt8] = Array("{".utf8)
    for name in names {
      // Base64url and the names of curves need no escape; a text that would is no such value.
      guard let value = object[name]?.textBytes, value.allSatisfy(isPlain) else { return nil }
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      text += Array("\"\(name)\":\"".utf8) + value + Array("\"".utf8)
    }
    text += Array("}".utf8)
    return SHA256Hasher().hash(text.span)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x21 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
