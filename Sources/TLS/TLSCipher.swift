/// A cipher suite by its number (RFC 8446 §B.4, RFC 5289, RFC 7905).
public struct TLSCipher: Hashable, Sendable {
  /// The number in the registry of IANA, as it is in the handshake.
  public let number: UInt16

  public init(number: UInt16) { self.number = number }

  /// The name that IANA registered, without a string being made.
  public var name: StaticString {
    switch number {
    case 0x1301: "TLS_AES_128_GCM_SHA256"
    case 0x1302: "TLS_AES_256_GCM_SHA384"
    case 0x1303: "TLS_CHACHA20_POLY1305_SHA256"
    case 0xC02B: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    case 0xC02C: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    case 0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    case 0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    case 0xCCA8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    case 0xCCA9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    default: "unknown"
    }
  }
}
