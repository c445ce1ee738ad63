/// What an authorization server says of a token, once it is held against the rules here.
enum IntrospectionFinding: Sendable {
  /// Whose it is, until when that may be believed without asking again, and when it expires.
  case active(KnownIdentity, untilMilliseconds: UInt64, expiryMilliseconds: UInt64)
  /// Why it is refused, for the operator's log.
  case refused(StaticString)
}
