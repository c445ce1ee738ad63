import Foundation

/// What passwords may be (NIST SP 800-63B-4 §3.1.1.2): long, with no rule on their letters.
public enum PasswordForm {
  /// Fewest characters, where the password may be all that is asked for.
  public static let charactersMin = 15
  /// Most, in bytes.
  public static let bytesMax = 1024

  /// The same letters as the same bytes, whatever keyboard they come from (NFKC, RFC 8265 §4.2).
  public static func normal(_ password: String) -> String {
    password.precomposedStringWithCompatibilityMapping
  }

  /// What keeps a password from being taken, in words; nil if nothing does. `context` are words
  /// that everybody would try first, such as the user's name.
  public static func flaw(_ password: String, context: [String]) -> String? {
    let normal = normal(password)
    guard normal.utf8.count <= bytesMax else { return "it is longer than \(bytesMax) bytes" }
    guard normal.count >= charactersMin else {
      return "it has fewer than \(charactersMin) characters"
    }
    guard Set(normal.lowercased()).count > 4 else { return "it has hardly any different letters" }
    let lower = normal.lowercased()
    for word in context where word.count >= 4 {
      let rest = lower.replacingOccurrences(of: word.lowercased(), with: "")
      if rest.count < charactersMin / 2 { return "most of it is a name that others know" }
    }
    return nil
  }
}
