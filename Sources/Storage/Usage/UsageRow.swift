/// A count, or what is added to one.
public struct UsageRow: Hashable, Sendable {
  /// What it is called: a keyed hash.
  public var name: [UInt8]
  /// How many.
  public var count: Int
  /// When it is over, in milliseconds since 1970.
  public var ends: Int

  /// So many under a name.
  public init(name: [UInt8], count: Int, ends: Int) {
    self.name = name
    self.count = count
    self.ends = ends
  }
}
