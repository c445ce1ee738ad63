import Control
import Crypto
import Formats
import Runtime
import Storage

/// `gatehouse store`: the store's keys and tables.
struct StoreCommand: Subcommand {
  static let name = "store"
  static let summary = "makes and rotates the master key, and looks after the tables"
  static let operands =
    "new-master-key FILE | status | rotate-master-key | tables [VERSION] | recover"
  static let operandsMax = 2
  static let options = [Option.config] + AdminConnection.options + [Option.json]
  static let details = """
      status and rotate-master-key ask a running gateway, with the token in $GATEHOUSE_TOKEN.
      tables shows the version of the tables, or brings them to another one, of a gateway that
      is stopped. recover prints a setup secret for when no owner gets in any more; it works on
      the database itself and leaves an entry in the audit log.
    """

  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run(in surroundings: Surroundings) -> Int32 {
    switch arguments.operands.first {
    case "new-master-key": return makeKey(surroundings)
    case "status":
      return AdminSession.run(arguments, in: surroundings) {
        session throws(AdminConnection.Failure) in
        session.print(try session.connection.send("GET", "/v1/store").body)
      }
    case "rotate-master-key":
      return AdminSession.run(arguments, in: surroundings) {
        session throws(AdminConnection.Failure) in
        session.print(try session.connection.send("POST", "/v1/store/rotation").body)
      }
    case "tables":
      return StoreSession.run(arguments, in: surroundings) { session in try tables(session) }
    case "recover":
      return StoreSession.run(arguments, in: surroundings) { session in
        let secret = try AdminAPI.recoverySecret(session.vault)
        surroundings.print("setup secret: \(secret)\n")
        return 0
      }
    default:
      surroundings.complain("gatehouse: what to do: \(StoreCommand.operands)\n")
      return 2
    }
  }

  private func makeKey(_ surroundings: Surroundings) -> Int32 {
    guard arguments.operands.count == 2 else {
      surroundings.complain("gatehouse: the file is missing\n")
      return 2
    }
    let path = arguments.operands[1]
    do {
      try SystemFile.write(
        Array(try LocalMasterKey.makeText().utf8), to: path, permissions: 0o600)
      return 0
    } catch {
      surroundings.complain("gatehouse: \(path) \(error)\n")
      return 1
    }
  }

  private func tables(_ session: StoreSession) throws -> Int32 {
    let store = session.vault.store
    if arguments.operands.count == 2 {
      guard let version = Int(arguments.operands[1]), store.schemaVersions.contains(version) else {
        throw StoreError.unusable("there is no such version of the tables")
      }
      try store.migrate(to: version)
    }
    session.surroundings.print("tables \(try store.schemaVersion())\n")
    return 0
  }
}
