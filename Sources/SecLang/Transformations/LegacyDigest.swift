import Crypto

/// The digest that rules make short names of; nothing is protected by it.
enum LegacyDigest {
  static func sha1(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    output += LegacyHash.sha1(text)
  }
}
