import Formats

/// A name and a password as the field has them (RFC 7617 §2).
enum BasicCredential {
  static func field(_ name: String, _ password: String) -> String {
    "Basic " + Base64.encode("\(name):\(password)".utf8.span, .standard)
  }
}
