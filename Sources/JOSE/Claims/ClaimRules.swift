/// What the claims of a token must be (RFC 7519 §4, RFC 8725 §3).
///
/// An expiry is always asked for; there is no rule to do without.
public struct ClaimRules: Sendable {
  /// The longest leeway, in seconds: clocks that differ by more are broken.
  public static let leewaySecondsMax = 60

  /// The issuers of whom one must be the token's, exactly; empty asks for none.
  public var issuers: [String]
  /// The audiences of which one must be among the token's, exactly; empty asks for none.
  public var audiences: [String]
  /// By how much clocks may differ, in seconds.
  public var leewaySeconds: Int
  /// How long ago a token may have been issued, in seconds; nil does not ask.
  public var ageSecondsMax: Int?
  /// Claims that must be there with one of these values.
  public var required: [RequiredClaim]

  /// Rules for these issuers and audiences.
  public init(
    issuers: [String], audiences: [String], leewaySeconds: Int = 0, ageSecondsMax: Int? = nil,
    required: [RequiredClaim] = []
  ) {
    precondition(
      (0...ClaimRules.leewaySecondsMax).contains(leewaySeconds), "a leeway of at most a minute")
    self.issuers = issuers
    self.audiences = audiences
    self.leewaySeconds = leewaySeconds
    self.ageSecondsMax = ageSecondsMax
    self.required = required
  }
}
