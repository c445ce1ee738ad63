/// All consumers of a plan and the hashes of their keys.
public final class ConsumerDirectory: Sendable {
  /// A key's SHA-256 and the index of the consumer it belongs to.
  public struct Credential: Sendable {
    /// The digest's 32 bytes as big-endian words.
    public let digest: (UInt64, UInt64, UInt64, UInt64)
    /// The index of the key's owner among the consumers.
    public let consumer: Int
    /// What may be done with it, beyond what its owner may do in any case.
    public let scopes: Set<String>

    public init(
      digest: (UInt64, UInt64, UInt64, UInt64), consumer: Int, scopes: Set<String> = []
    ) {
      self.digest = digest
      self.consumer = consumer
      self.scopes = scopes
    }
  }

  /// Who may call; the index is how credentials refer to one.
  public let consumers: [Consumer]
  /// What they may show.
  public let credentials: [Credential]

  private let byName: [String: Int]

  public init(consumers: [Consumer], credentials: [Credential]) {
    self.consumers = consumers
    self.credentials = credentials
    byName = Dictionary(consumers.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// The consumer called `name`, disabled ones as well: one of the plan, else one of the store as
  /// it is now. What a file owns, no store can take over.
  public func consumer(named name: String, live: LiveDirectory?) -> Consumer? {
    if let place = byName[name] { return consumers[place] }
    return live?.consumer(named: name)
  }
}
