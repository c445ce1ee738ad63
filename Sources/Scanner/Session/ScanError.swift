/// Why a scan cannot go on; never a finding.
package enum ScanError: Error, Sendable, CustomStringConvertible {
  /// The description cannot be used, and why.
  case description(String)
  /// The file of identities cannot be used, and why.
  case identities(String)
  /// An identity could not log in, and why.
  case login(identity: String, String)
  /// The target does not answer, and why.
  case target(String)

  package var description: String {
    switch self {
    case .description(let reason): "the description cannot be used: \(reason)"
    case .identities(let reason): "the identities cannot be used: \(reason)"
    case .login(let identity, let reason): "\(identity) cannot log in: \(reason)"
    case .target(let reason): "the target does not answer: \(reason)"
    }
  }
}
