import Runtime
import Scanner

/// `gatehouse audit`: judges the description of an API.
struct AuditCommand: Subcommand {
  static let name = "audit"
  static let summary = "judges the description of an API, with a score and what to mend"
  static let operands = "FILE"
  static let operandsMax = 1
  static let options = [
    Option.json,
    Option("--min", "SCORE", "ends with 1 if the score is less (0)"),
  ]

  private let path: String
  private let isJSON: Bool
  private let least: Int

  init(_ arguments: Arguments) throws(UsageError) {
    guard let path = arguments.operands.first else {
      throw UsageError("the file of the description is missing")
    }
    guard let least = Int(arguments.value("--min") ?? "0"), (0...100).contains(least) else {
      throw UsageError("--min must be a number from 0 to 100")
    }
    self.path = path
    self.least = least
    isJSON = arguments.has("--json")
  }

  func run(in surroundings: Surroundings) -> Int32 {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let base = path.hasPrefix("/") || !folder.isEmpty ? folder : "."
    do throws(ScanError) {
      let report = try Audit.report(on: ScanInputs.file(path), named: path) { name in
        try? SystemFile.read("\(base)/\(name)", bytesMax: ScanInputs.fileBytesMax)
      }
      surroundings.print(isJSON ? report.json : report.text)
      return report.score < least ? 1 : 0
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 2
    }
  }
}
