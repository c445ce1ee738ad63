import Runtime
import Storage

/// `gatehouse backup`: the whole store in one sealed file.
struct BackupCommand: Subcommand {
  static let name = "backup"
  static let summary = "writes the whole store to a sealed file, while the gateway runs or not"
  static let operands = "FILE"
  static let operandsMax = 1
  static let options = [Option.config]
  static let details = """
      It is sealed by the passphrase in $GATEHOUSE_BACKUP_PASSPHRASE; without one, by the master
      key, and then whoever restores it needs that. What was written is read again and checked.
    """

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
      let opener = try session.opener()
      var bytes: [UInt8] = []
      let made = try Backup(of: session.vault).make(sealedBy: opener) { bytes += $0 }
      do {
        try SystemFile.write(bytes, to: path, permissions: 0o600)
      } catch {
        throw StoreError.unusable("\(path) \(error)")
      }
      let written = try SystemFile.read(path, bytesMax: bytes.count + 1)
      guard try Backup.verify(written, openedBy: opener) == made else {
        throw StoreError.damaged("\(path) is not what was written")
      }
      surroundings.print(
        "\(path): \(made.records) records, \(made.entries) entries of the audit log, verified\n")
      return 0
    }
  }
}
