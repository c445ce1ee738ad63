import Formats
import Runtime
import Storage

/// `gatehouse audit-log`: writes the audit log out, and checks that its chain is whole.
struct AuditLogCommand: Subcommand {
  static let name = "audit-log"
  static let summary = "prints the audit log, or checks that nothing in it was changed"
  static let operands = "export | verify [FILE]"
  static let operandsMax = 2
  static let options = [
    Option.config, Option("--head", "HASH", "the hash that the log must come by, for verify"),
  ]
  static let details = """
      verify without a file reads the store of the configuration, and checks the seals as well;
      with one, it checks the chain of what export has written, and needs nothing else. It
      prints the hash of the last line: noted elsewhere, it shows later whether the end is gone.
    """

  /// Longest file, in bytes.
  private static let bytesMax = 4 * 1024 * 1024 * 1024

  private let arguments: Arguments

  init(_ arguments: Arguments) throws(UsageError) {
    let word = arguments.operands.first
    guard word == "export" || word == "verify" || arguments.asksForHelp else {
      throw UsageError("what to do is missing: \(AuditLogCommand.operands)")
    }
    self.arguments = arguments
  }

  func run(in surroundings: Surroundings) -> Int32 {
    if arguments.operands[0] == "verify", arguments.operands.count == 2 {
      return verify(file: arguments.operands[1], surroundings)
    }
    return StoreSession.run(arguments, in: surroundings) { session in
      if arguments.operands[0] == "export" {
        var verifier = JournalVerifier()
        var fault: String?
        try session.forEachLine { line, _ in
          if fault == nil { fault = verifier.take(line, seal: nil) }
          surroundings.print(line + "\n")
        }
        if let fault { return report(verifier, fault, hasHead: true, surroundings) }
        surroundings.print(AuditLogCommand.end(verifier) + "\n")
        return 0
      }
      var verifier = try session.vault.journalVerifier()
      var fault: String?
      var hasHead = arguments.value("--head") == nil
      try session.forEachLine { line, seal in
        if fault == nil { fault = verifier.take(line, seal: seal) }
        if verifier.head == arguments.value("--head") { hasHead = true }
      }
      return report(verifier, fault, hasHead: hasHead, surroundings)
    }
  }

  private func verify(file path: String, _ surroundings: Surroundings) -> Int32 {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try SystemFile.read(path, bytesMax: AuditLogCommand.bytesMax)
    } catch {
      surroundings.complain("gatehouse: \(path) \(error)\n")
      return 1
    }
    var verifier = JournalVerifier()
    var hasHead = arguments.value("--head") == nil
    var hasEnd = false
    for line in bytes.split(separator: 0x0A) {
      let text = String(decoding: line, as: UTF8.self)
      // The last line tells of those before it, so that a change of the last entry is seen.
      if text == AuditLogCommand.end(verifier) {
        hasEnd = true
        continue
      }
      if let fault = verifier.take(text, seal: nil) {
        return report(verifier, fault, hasHead: true, surroundings)
      }
      if verifier.head == arguments.value("--head") { hasHead = true }
    }
    let fault = hasEnd ? nil : "its last line is missing, or tells of another log"
    return report(verifier, fault, hasHead: hasHead, surroundings)
  }

  /// The line behind the last entry.
  private static func end(_ verifier: JournalVerifier) -> String {
    JSONValue.object([
      JSONMember("entries", .integer(verifier.count)), JSONMember("head", .string(verifier.head)),
    ]).serialized
  }

  private func report(
    _ verifier: JournalVerifier, _ fault: String?, hasHead: Bool, _ surroundings: Surroundings
  ) -> Int32 {
    if let fault {
      surroundings.complain("gatehouse: the audit log is broken: \(fault)\n")
      return 1
    }
    guard hasHead else {
      surroundings.complain(
        "gatehouse: the audit log does not come by that hash: its end is gone\n")
      return 1
    }
    surroundings.print("\(verifier.count) entries, unbroken; the last hash is \(verifier.head)\n")
    return 0
  }
}

extension StoreSession {
  /// All lines of the journal with their seals.
  fileprivate func forEachLine(_ body: (String, String) -> Void) throws {
    var last = 0
    while true {
      let lines = try vault.journal(after: last, limit: 500)
      for line in lines { body(line.line, line.seal) }
      guard let end = lines.last?.sequence else { return }
      last = end
    }
  }
}
