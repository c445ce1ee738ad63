/// Why a client's TLS handshake came to nothing: the kinds that are counted apart.
public enum HandshakeFault: UInt8, CaseIterable, Sendable {
  case cutOff, timedOut, notTLS, version, cipher, serverName, clientCertificate, alert
  case violation, library

  /// The value of the label.
  var label: StaticString {
    switch self {
    case .cutOff: "cut-off"
    case .timedOut: "timed-out"
    case .notTLS: "not-tls"
    case .version: "version"
    case .cipher: "cipher"
    case .serverName: "server-name"
    case .clientCertificate: "client-certificate"
    case .alert: "alert"
    case .violation: "violation"
    case .library: "library"
    }
  }
}
