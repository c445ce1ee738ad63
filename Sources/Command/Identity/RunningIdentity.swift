import Base
import Blueprint
import Control
import Formats
import Identity
import Policies
import PolicyKit
import Runtime
import Storage
import Telemetry

/// The identity provider of the running gateway.
final class RunningIdentity: Sendable {
  /// Threads that run flows: they compute signatures, and wait for the database's reads.
  private static var flowThreads: Int { max(2, ProcessLimits.cores) }
  /// Requests that wait at most.
  private static let waitingMax = 4096
  /// Sign-ins that wait at most for each core: beyond it, people would wait for longer than they
  /// do.
  private static let signInsMax = 32

  let service: IdentityService
  private let context: IdentityContext
  private let follower: RevocationFollower

  /// Opens the identity provider of a blueprint over its store, and hands its keys to the policies
  /// that take its tokens; nil if the blueprint has none.
  init?(
    _ blueprint: Blueprint, vault: Vault, following copied: Vault?, retained: RetainedState
  ) throws {
    guard let identity = blueprint.identity else { return nil }
    context = try IdentityContext(identity, vault: vault, copy: copied)
    follower = try RevocationFollower(context, following: copied ?? vault) { keys, revocations in
      let now = Clock.monotonic.nanoseconds / 1_000_000
      let flaws = [
        OwnIssuer.publish(keys: keys, in: retained, atMilliseconds: now),
        OwnIssuer.publish(revocations: revocations, in: retained, atMilliseconds: now),
      ]
      for case let flaw? in flaws { ErrorLog.error("identity: \(flaw)") }
    }
    try follower.start()
    let cores = ProcessLimits.cores
    service = try IdentityService(
      context,
      queue: WorkQueue(
        named: "identity", threads: RunningIdentity.flowThreads,
        waitingMax: RunningIdentity.waitingMax),
      passwords: WorkQueue(
        named: "sign-in", threads: cores, waitingMax: RunningIdentity.signInsMax * cores),
      writer: GroupedWriter(vault))
  }

  /// Takes over a configuration that was read anew.
  func adopt(_ blueprint: Blueprint) {
    guard let identity = blueprint.identity else {
      return ErrorLog.warning(
        "'identity' is gone from the configuration; its keys stay in use until a restart")
    }
    context.adopt(identity)
  }

  /// What administrators list and change of it.
  var kinds: [RecordKind] {
    let clients = ClientRecords(context)
    let users = UserRecords(context)
    let context = context
    return [
      RecordKind(
        kind: StoredKinds.client, word: "client", words: "clients",
        members: ClientRecords.members, required: [],
        draft: { sent, old in
          try RunningIdentity.translated {
            let draft = try clients.draft(sent, over: old)
            return RecordKind.Draft(
              id: draft.id, body: draft.body,
              secrets: draft.secret.map { [JSONMember("secret", .string($0))] } ?? [],
              more: draft.more)
          }
        }, shown: ClientRecords.shown, removal: { try clients.removal($0) },
        owned: { context.settings.clientIDs }),
      RecordKind(
        kind: StoredKinds.user, word: "user", words: "users", members: UserRecords.members,
        required: ["name"],
        draft: { sent, old in
          try RunningIdentity.translated {
            let draft = try users.draft(sent, over: old)
            return RecordKind.Draft(
              id: draft.id, body: draft.body, indexes: draft.indexes, more: draft.more)
          }
        }, shown: UserRecords.shown, removal: { try users.removal($0) }, owned: { [] }),
    ]
  }

  /// Runs `body`, with what is wrong with a record in the admin API's words.
  private static func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let flaw as RecordFlaw {
      throw RecordKind.Flaw(flaw.message)
    }
  }
}
