import Blueprint
import Formats
import PolicyKit
import Runtime
import Storage

/// A command that opens the store of a configuration itself, whether the gateway runs or not.
struct StoreSession {
  let surroundings: Surroundings
  let opening: StoreOpening
  let vault: Vault

  /// Runs a command on the store of the configuration, and tells what went wrong.
  static func run(
    _ arguments: Arguments, in surroundings: Surroundings,
    _ body: (StoreSession) throws -> Int32
  ) -> Int32 {
    let path = arguments.configPath
    let (blueprint, diagnostics) = ConfigurationFile.load(
      path: path, in: surroundings, retained: RetainedState())
    guard let blueprint = blueprint?.blueprint else {
      surroundings.complain(diagnostics.description + "\n")
      return 1
    }
    guard let store = blueprint.store else {
      surroundings.complain("gatehouse: \(path) has no 'store'\n")
      return 1
    }
    do {
      let opening = StoreOpening(blueprint: store, folder: Folder(of: path))
      return try body(
        StoreSession(surroundings: surroundings, opening: opening, vault: opening.vault()))
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
  }

  /// How a backup is sealed: by a passphrase of the environment, or else by the master key.
  func opener() throws -> BackupFile.Opener {
    if let text = surroundings.environment("GATEHOUSE_BACKUP_PASSPHRASE") {
      guard text.count >= 12 else {
        throw StoreError.unusable("the passphrase has fewer than 12 characters")
      }
      return .passphrase(text)
    }
    return .masters(try opening.masters())
  }
}
