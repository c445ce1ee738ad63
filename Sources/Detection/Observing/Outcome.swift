/// What became of a request, as detectors see it.
public enum Outcome: UInt8, Sendable {
  case success, redirection
  /// The caller showed nothing, and should have.
  case unauthenticated
  /// What the caller showed is wrong.
  case wrongCredentials
  case forbidden, missing, methodRefused, malformed, limited
  /// The service, or the gateway, failed.
  case failure
  /// Another refusal, or no answer.
  case other
}
