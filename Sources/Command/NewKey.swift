import Crypto

/// A fresh API key and the hash that a configuration holds in its place.
struct NewKey {
  /// 128 random bits behind a prefix that scanners for leaked keys can find, and a checksum.
  let key: String
  /// `sha256:` and 64 hexadecimal digits.
  var hash: String { NewKey.hash(of: key) }

  init() throws(CryptoError) { key = try KeyForm.make() }

  /// The hash of a key, as it is written in a configuration.
  static func hash(of key: String) -> String {
    "sha256:" + SHA256Hasher().hash(key.utf8.span).hex
  }
}
