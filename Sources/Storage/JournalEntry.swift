/// An entry of the journal: each one seals those before it.
public struct JournalEntry: Hashable, Sendable {
  /// Its number, from 1, without gaps.
  public var sequence: Int
  /// The sealed text.
  public var body: [UInt8]
  /// The hash over the text and the hash before.
  public var hash: [UInt8]
  /// An authentication code over the hash.
  public var seal: [UInt8]

  public init(sequence: Int, body: [UInt8], hash: [UInt8], seal: [UInt8]) {
    self.sequence = sequence
    self.body = body
    self.hash = hash
    self.seal = seal
  }
}
