public import HTTP

/// Why a policy refuses a request, and what the answer carries beside the problem.
public struct Denial: Sendable {
  /// What the client is told.
  public var problem: Problem
  /// `Retry-After` in seconds; 0 for none.
  public var retryAfterSeconds: Int
  /// The `WWW-Authenticate` value (RFC 9110 §11.6.1); required with status 401.
  public var challenge: StaticString?
  /// What exactly was wrong, in one clause for the operator's log; no client learns it.
  public var reason: StaticString

  /// A refusal with `problem`.
  public init(
    _ problem: Problem, retryAfterSeconds: Int = 0, challenge: StaticString? = nil,
    reason: StaticString = ""
  ) {
    self.problem = problem
    self.retryAfterSeconds = retryAfterSeconds
    self.challenge = challenge
    self.reason = reason
  }
}
