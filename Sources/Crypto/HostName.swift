import Base

/// A DNS host name of letters, digits and hyphens in lower case (RFC 1123 §2.1), as certificates
/// and SNI hold it; underscores are let pass, since internal names use them.
public struct HostName: Hashable, Sendable {
  /// The name in lower case.
  public let text: String

  /// Reads `bytes`, of either case; a wildcard is one whole label, the first, and only where it is
  /// allowed. Nil for what is no host name, so for anything with a NUL in it too.
  public init?(_ bytes: [UInt8], allowsWildcard: Bool = false) {
    guard bytes.count >= 1, bytes.count <= 253 else { return nil }
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    for (place, label) in labels.enumerated() {
      let isWildcard = allowsWildcard && place == 0 && labels.count > 1 && label == [0x2A]
      guard isWildcard || HostName.isLabel(label) else { return nil }
    }
    text = String(decoding: bytes.map { ASCII.lowercased($0) }, as: UTF8.self)
  }

  /// Reads `text` by the same rules.
  public init?(_ text: String, allowsWildcard: Bool = false) {
    self.init(Array(text.utf8), allowsWildcard: allowsWildcard)
  }

  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
    let hyphen = UInt8(ascii: "-")
    return first != hyphen && last != hyphen
      && label.allSatisfy {
        ASCII.isAlpha($0) || ASCII.isDigit($0) || $0 == hyphen || $0 == UInt8(ascii: "_")
      }
  }
}
