import Storage
import Synchronization

/// Finds clients: those of the file first, then those of the store, which are kept for a second.
final class ClientDirectory: Sendable {
  private struct Entry {
    let client: OAuthClient?
    let readAt: Int
  }

  /// How long what was read counts, in milliseconds: so long a removed client lives on elsewhere.
  private static let keptMilliseconds = 1000
  /// Most that are kept; beyond it, all are read anew.
  private static let entriesMax = 4096

  private let vault: Vault
  private let entries = Mutex<[String: Entry]>([:])

  init(_ vault: Vault) { self.vault = vault }

  /// The client; nil if there is none, or if it is disabled.
  func find(_ id: String, _ settings: IdentitySettings, at now: Int) throws -> OAuthClient? {
    if let own = settings.clients[id] { return own }
    guard id.utf8.count <= 128 else { return nil }
    if let kept = entries.withLock({ $0[id] }),
      (0..<ClientDirectory.keptMilliseconds).contains(now - kept.readAt)
    {
      return kept.client
    }
    let record = try vault.record(StoredKinds.client, id)
    let client = record.map { OAuthClient($0.id, $0.body) }
    let found = client?.isDisabled == true ? nil : client
    entries.withLock { entries in
      if entries.count >= ClientDirectory.entriesMax { entries.removeAll() }
      entries[id] = Entry(client: found, readAt: now)
    }
    return found
  }

  /// Has everything be read anew.
  func forget() { entries.withLock { $0.removeAll() } }
}
