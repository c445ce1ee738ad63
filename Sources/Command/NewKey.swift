import Crypto

/// A fresh API key and the hash that a configuration holds in its place.
struct NewKey {
  /// 256 random bits as hexadecimal digits, behind a prefix that scanners for leaked keys can find.
  let key: String
  /// `sha256:` and 64 hexadecimal digits.
  var hash: String { NewKey.hash(of: key) }

  init() throws(CryptoError) {
    let digits = Array("0123456789abcdef")
    let random = try SecureRandom.bytes(32)
    key = "gh_" + String(random.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The hash of a key, as it is written in a configuration.
  static func hash(of key: String) -> String {
    "sha256:" + SHA256Hasher().hash(key.utf8.span).hex
  }
}
