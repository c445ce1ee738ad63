import Crypto
import Formats
public import PolicyKit
public import Storage
import Telemetry

/// Writes ends of sessions to the store, from where every gateway hears of them.
public struct SessionEndings: Sendable {
  private let vault: Vault
  private let pepper: KeyedHasher

  /// Endings in the records of `vault`.
  public init(_ vault: Vault) throws(StoreError) {
    self.vault = vault
    pepper = try vault.pepperHasher()
  }

  /// Writes one down, until it may be forgotten; waits for the database. False if it could not be.
  public func write(_ ending: SessionRegister.Ending) -> Bool {
    var members: [JSONMember] = []
    if ending.startMilliseconds < UInt64.max {
      members.append(JSONMember("start", .integer(Int(clamping: ending.startMilliseconds))))
    }
    let change = VaultChange.put(
      StoredKinds.sessionEnd, pepper.hash(Digest256(words: ending.digest)).hex,
      .object(members), expires: Int(clamping: ending.expiryMilliseconds))
    do throws(StoreError) {
      try vault.commit([change])
      return true
    } catch {
      ErrorLog.warning("the end of a session is not written down: \(error)")
      return false
    }
  }
}
