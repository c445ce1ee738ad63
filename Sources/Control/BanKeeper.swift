import Formats
public import PolicyKit
import Storage
import Telemetry

/// Writes bans of policies to the store, from where every gateway hears of them, with an entry in
/// the audit log.
public struct BanKeeper: Sendable {
  /// As whom the gateway bans.
  private static let name = "gatehouse"

  private let context: AdminContext

  /// Bans in the records of a store.
  public init(_ context: AdminContext) { self.context = context }

  /// Writes one down; waits for the database. False if it could not be.
  public func write(_ ban: Ban) -> Bool {
    let record = BanResource.record(ban, by: BanKeeper.name, created: context.now)
    do throws(StoreError) {
      try context.commit(
        .init(
          action: "ban.create", target: "bans/\(ban.target.text)", before: nil, after: record,
          changes: [try BanResource.change(ban, record, context.vault)]),
        by: BanKeeper.name, token: nil, "")
      return true
    } catch {
      ErrorLog.error("the ban of \(ban.target.text) is this gateway's alone: \(error)")
      return false
    }
  }
}
