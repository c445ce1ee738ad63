/// What came of the facts that one policy lacked.
public struct NeedCounts: Sendable {
  /// The policy's name.
  public let policy: String
  /// Facts that were got.
  public var met: UInt64 = 0
  /// Facts that could not be got.
  public var failed: UInt64 = 0
  /// Facts that did not come in time.
  public var timedOut: UInt64 = 0

  /// None yet, of the policy called `policy`.
  public init(_ policy: String) { self.policy = policy }
}
