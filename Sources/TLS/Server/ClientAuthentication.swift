/// Whether a server asks its clients for certificates (mutual TLS).
public enum ClientAuthentication: Sendable {
  /// Clients are not asked.
  case none
  /// Clients are asked; one without a certificate gets in, one with a bad certificate does not.
  case optional(TrustStore)
  /// A client without a good certificate does not get in.
  case required(TrustStore)

  var isRequired: Bool {
    if case .required = self { true } else { false }
  }

  var trust: TrustStore? {
    switch self {
    case .none: nil
    case .optional(let trust), .required(let trust): trust
    }
  }
}
