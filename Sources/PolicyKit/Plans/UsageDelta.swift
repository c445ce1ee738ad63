/// Use that the store has not been told of.
public struct UsageDelta: Sendable {
  /// What it is called in the store.
  public let name: KeyDigestWords
  /// How much was used since.
  public let amount: UInt64
  /// When the period ends, in milliseconds since 1970.
  public let endsMilliseconds: UInt64
}
