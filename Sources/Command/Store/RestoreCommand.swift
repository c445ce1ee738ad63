import Runtime
import Storage

/// `gatehouse restore`: puts a backup into the store of a configuration, which must be empty.
struct RestoreCommand: Subcommand {
  static let name = "restore"
  static let summary = "puts a backup into an empty store, or checks one with --verify"
  static let operands = "FILE"
  static let operandsMax = 1
  static let options = [
    Option.config, Option("--verify", "reads the whole backup and changes nothing"),
  ]
  static let details = """
      The passphrase is in $GATEHOUSE_BACKUP_PASSPHRASE, if the backup has one. All of the file
      is read and checked before anything is written, and all that was written afterwards.
    """

  /// Longest backup, in bytes.
  private static let bytesMax = 16 * 1024 * 1024 * 1024

  private let arguments: Arguments

  init(_ arguments: Arguments) throws(UsageError) {
    guard !arguments.operands.isEmpty || arguments.asksForHelp else {
      throw UsageError("the file is missing")
    }
    self.arguments = arguments
  }

  func run(in surroundings: Surroundings) -> Int32 {
    StoreSession.run(arguments, in: surroundings) { session in
      let path = arguments.operands[0]
      let bytes: [UInt8]
      do throws(FileError) {
        bytes = try SystemFile.read(path, bytesMax: RestoreCommand.bytesMax)
      } catch {
        throw StoreError.unusable("\(path) \(error)")
      }
      let opener = try session.opener()
      let isTrial = arguments.has("--verify")
      let summary =
        isTrial
        ? try Backup.verify(bytes, openedBy: opener)
        : try Backup(of: session.vault).restore(bytes, openedBy: opener)
      surroundings.print(
        "\(path): \(summary.records) records, \(summary.entries) entries of the audit log, "
          + (isTrial ? "verified\n" : "restored and verified\n"))
      return 0
    }
  }
}
