/// Settings that no connection of ours has, to find out whether a server would take them.
public struct TLSProbe: Hashable, Sendable {
  /// The only version that is offered, as it stands on the wire (RFC 8446 §4.2.1).
  public enum Version: Int32, Hashable, Sendable {
    case v10 = 0x0301
    case v11 = 0x0302
    case v12 = 0x0303
  }

  /// The version that is offered.
  public let version: Version
  /// The ciphers that are offered, in OpenSSL's language.
  public let ciphers: String

  public init(version: Version, ciphers: String) {
    self.version = version
    self.ciphers = ciphers
  }
}
