import Blueprint
import Formats
import JOSE
import Storage
import Synchronization

/// The keys that tokens are signed with: a row for each algorithm, of which one signs.
///
/// The next one is published before it signs, and the last ones stay published until the longest
/// token that they may have signed has ended.
public final class SigningKeys: Sendable {
  /// The keys at one time.
  struct Held: Sendable {
    var keys: [SigningKey] = []
    var document: [UInt8] = []
    var verification = VerificationKeys([], algorithms: [])
  }

  /// The algorithms that there are keys for.
  static let algorithms: [SignatureAlgorithm] = [.es256, .rs256]
  /// How long after a key's end its tokens may still come, in milliseconds: the longest token, and
  /// an hour for clocks and caches.
  private static let afterlife = IdentitySettings.tokenMillisecondsMax + 3_600_000
  /// So often a key is tried for that others make at the same time.
  private static let attemptsMax = 4

  private let vault: Vault
  private let held = Mutex(Held())

  init(_ vault: Vault) { self.vault = vault }

  /// The key set that is published (RFC 7517 §5).
  public var document: [UInt8] { held.withLock { $0.document } }

  /// What verifies tokens of ours.
  var verification: VerificationKeys { held.withLock { $0.verification } }

  /// What signs now.
  func writer(_ algorithm: SignatureAlgorithm, at now: Int) throws(OAuthError) -> SignatureWriter {
    let found = held.withLock { held in
      SigningKeys.current(held.keys.filter { $0.algorithm == algorithm }, at: now)
    }
    guard let found else { throw .serverError("no key for \(algorithm.rawValue)") }
    return found.writer
  }

  /// The key of a row that signs at that time: the last that has begun to.
  private static func current(_ row: [SigningKey], at now: Int) -> SigningKey? {
    row.last { $0.from <= now } ?? row.first
  }

  /// Makes the keys that are due, removes those that are over, and takes over what others made.
  func refresh(_ rotation: IdentityBlueprint.KeyRotation) throws {
    for _ in 0..<SigningKeys.attemptsMax {
      let keys = try read()
      let changes = try due(keys, rotation)
      if changes.isEmpty {
        show(keys)
        return
      }
      do {
        try vault.commit(changes)
      } catch StoreError.conflict {
        // Another gateway was faster: its keys are read next.
      }
    }
    show(try read())
  }

  /// Takes over the keys of a copy of the store.
  func takeOver(_ copy: Vault) throws { show(try SigningKeys.read(copy)) }

  private func read() throws -> [SigningKey] { try SigningKeys.read(vault) }

  private static func read(_ vault: Vault) throws -> [SigningKey] {
    try vault.records(StoredKinds.signingKey, limit: 1000).map { try SigningKey($0) }
  }

  private func due(
    _ keys: [SigningKey], _ rotation: IdentityBlueprint.KeyRotation
  ) throws -> [VaultChange] {
    let now = vault.now
    var changes: [VaultChange] = []
    for algorithm in SigningKeys.algorithms {
      let row = keys.filter { $0.algorithm == algorithm }
      guard let last = row.last else {
        changes.append(try SigningKey.make(algorithm, 1, from: now))
        continue
      }
      if now >= last.from + rotation.period - rotation.ahead {
        changes.append(
          try SigningKey.make(
            algorithm, last.number + 1,
            from: max(now + rotation.ahead, last.from + rotation.period)))
      }
      for (key, next) in zip(row, row.dropFirst())
      where next.from + SigningKeys.afterlife < now {
        changes.append(
          .remove(StoredKinds.signingKey, SigningKey.name(algorithm, key.number)))
      }
    }
    return changes
  }

  private func show(_ keys: [SigningKey]) {
    let set = JSONValue.object([JSONMember("keys", .array(keys.map(\.published)))])
    let shown = Held(
      keys: keys, document: Array(set.serialized.utf8),
      verification: VerificationKeys(keys.map(\.key), algorithms: Set(SigningKeys.algorithms)))
    held.withLock { $0 = shown }
  }
}
