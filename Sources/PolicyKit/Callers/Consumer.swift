public import Formats
import Synchronization

/// Somebody who calls: a consumer of the running plan, or one that a token tells of.
public final class Consumer: Sendable {
  // What each request of the caller reads stands first, within one line of the processor's cache:
  // among a hundred thousand consumers, each line is one that has to be waited for.

  /// Whether the consumer is refused although it is known.
  public let isDisabled: Bool
  /// Whether nobody has been identified, and it stands for all who were not.
  public let isAnonymous: Bool
  /// Whether it is one of the store's: it has no index, but its name can be trusted.
  public let isStored: Bool
  /// The name's bytes, so that the hot path copies and converts nothing.
  public let nameBytes: [UInt8]
  /// The place in the directory, from 0; -1 for one that is in none.
  public let index: Int
  /// What the caller's token may be used for; nil if there is no token.
  public let scopes: Set<String>?
  public let roles: Set<String>
  public let groups: Set<String>
  public let name: String
  /// What the caller's token says; nil if there is no token.
  public let claims: JSONIndex?
  /// By what the metrics count it, plus two; 0 until that was asked.
  private let metricPlace = Atomic<Int32>(0)

  /// By what the metrics count it: what `number` says of its name, who is asked once.
  public func metricNumber(_ number: (String) -> Int) -> Int {
    let known = metricPlace.load(ordering: .relaxed)
    if known != 0 { return Int(known) - 2 }
    let found = number(name)
    metricPlace.store(Int32(truncatingIfNeeded: found + 2), ordering: .relaxed)
    return found
  }

  /// Somebody called `name`; scopes and claims are those of the token that was shown, if one was.
  public init(
    index: Int, name: String, roles: Set<String>, groups: Set<String>, isDisabled: Bool,
    scopes: Set<String>? = nil, claims: JSONIndex? = nil, isAnonymous: Bool = false,
    isStored: Bool = false
  ) {
    self.index = index
    self.name = name
    nameBytes = Array(name.utf8)
    self.roles = roles
    self.groups = groups
    self.scopes = scopes
    self.claims = claims
    self.isDisabled = isDisabled
    self.isAnonymous = isAnonymous
    self.isStored = isStored
  }
}
