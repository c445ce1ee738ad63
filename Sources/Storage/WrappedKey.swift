/// A data key as the database has it: wrapped by the master key.
public struct WrappedKey: Hashable, Sendable {
  /// What it is for, such as a kind of records.
  public var purpose: String
  /// Its number among those of the purpose, from 1; the highest one seals, all open.
  public var version: Int
  /// Which master key wraps it.
  public var master: String
  /// The wrapped bytes.
  public var wrapped: [UInt8]

  public init(purpose: String, version: Int, master: String, wrapped: [UInt8]) {
    self.purpose = purpose
    self.version = version
    self.master = master
    self.wrapped = wrapped
  }
}
