/// Which versions and ciphers a server accepts, by the names of Mozilla's guideline, version 5.7.
public enum TLSProfile: String, CaseIterable, Hashable, Sendable {
  /// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption: every client since 2014.
  ///
  /// Of the guideline's list the three finite-field DHE suites are left out: one handshake of them
  /// costs a server far more than its attacker (CVE-2002-20001), and each client that the guideline
  /// names speaks ECDHE.
  case intermediate
  /// TLS 1.3 alone: every client since 2020.
  case modern

  static let cipherList =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
  static let cipherSuites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
  static let groups = "X25519:P-256:P-384"
  /// The groups with the hybrid of ML-KEM before them, which OpenSSL knows from 3.5.
  static let groupsWithHybrid = "X25519MLKEM768:X25519:P-256:P-384"
}
