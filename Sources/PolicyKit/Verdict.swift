/// What a policy says of an exchange.
public enum Verdict: Sendable {
  /// The next policy goes on.
  case proceed
  /// The request is refused and reaches no upstream.
  case deny(Denial)
  /// The gateway answers itself with this status, the reply fields and no content.
  case answer(status: Int)
  /// The policy lacks a fact, and is asked again when that is there or cannot be had.
  case wait(for: Need)
  /// The policy lacks a count that other gateways keep as well, and is asked again when that is
  /// there or cannot be had.
  case count(SharedCount)
}
