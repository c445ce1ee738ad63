import Crypto
import Formats

/// A JSON Web Token in its three parts (RFC 7519), as a client can read and forge it.
struct Token: Sendable {
  let field: String
  let prefix: String
  let header: JSONValue
  let claims: JSONValue
  let parts: [String]

  /// The token among an identity's fields; nil if there is none.
  static func first(in identity: Identity) -> Token? {
    for member in identity.headers {
      guard let value = member.value.string, let text = value.split(separator: " ").last else {
        continue
      }
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3, let header = Token.json(parts[0]), let claims = Token.json(parts[1])
      else { continue }
      return Token(
        field: member.name, prefix: String(value.dropLast(text.count)), header: header,
        claims: claims, parts: parts)
    }
    return nil
  }

  /// Whether a shared secret signs it.
  var isSymmetric: Bool { header["alg"]?.string == "HS256" }

  /// Whether `secret` signs it.
  func isSigned(with secret: String) -> Bool {
    Token.sign(parts[0] + "." + parts[1], secret) == parts[2]
  }

  /// The value of the field with other parts.
  func value(_ header: String, _ claims: String, _ signature: String) -> String {
    "\(prefix)\(header).\(claims).\(signature)"
  }

  static func sign(_ text: String, _ secret: String) -> String? {
    guard let key = try? HMACSHA256(key: Array(secret.utf8).span) else { return nil }
    return Base64.encode(key.authenticate(Array(text.utf8).span).bytes.span)
  }

  private static func json(_ part: String) -> JSONValue? {
    guard let bytes = Base64.decode(part.utf8.span), let value = JSONValue.read(bytes),
      case .object = value
    else { return nil }
    return value
  }
}
