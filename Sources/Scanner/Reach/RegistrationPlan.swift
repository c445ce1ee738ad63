/// How the API makes accounts, once one was made.
struct RegistrationPlan: Sendable {
  let operation: Operation
  /// What logs an account in.
  let login: Identity.Login
  /// Whether accounts cannot be made or used, so that nobody tries again.
  var isHopeless = false
}
