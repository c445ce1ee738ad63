import Client
import Runtime
import Scanner

/// `gatehouse test`: runs a Postman collection with its declarative tests.
struct TestCommand: Subcommand {
  static let name = "test"
  static let summary = "runs a Postman collection and what its tests demand"
  static let operands = "COLLECTION"
  static let operandsMax = 1
  static let options = [
    Option("--environment", "FILE", "a Postman environment"),
    Option("--target", "URL", "where all requests go, whatever the collection says"),
    Option("--junit", "FILE", "writes the outcome as JUnit XML"),
    Option("--strict", "ends with 1 if a line of a script could not be run, too"),
    Option("--insecure", "believes any certificate"),
  ]
  static let details = """
      Scripts are not run as JavaScript: what demands a status, a time, a field or a member, and
      what keeps a variable, is understood; every other line is named as not run.
      Ends with 0 if all tests passed, 1 if one failed, 2 if a file is wrong.
    """

  private let path: String
  private let environment: String?
  private let target: String?
  private let junit: String?
  private let isStrict: Bool
  private let isInsecure: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    guard let path = arguments.operands.first else { throw UsageError("the collection is missing") }
    self.path = path
    environment = arguments.value("--environment")
    target = arguments.value("--target")
    junit = arguments.value("--junit")
    isStrict = arguments.has("--strict")
    isInsecure = arguments.has("--insecure")
  }

  func run(in surroundings: Surroundings) -> Int32 {
    AsyncWork.run { await test(surroundings) }
  }

  private func test(_ surroundings: Surroundings) async -> Int32 {
    do throws(ScanError) {
      let inputs = ScanInputs(isInsecure: isInsecure, nowUnixSeconds: surroundings.nowUnixSeconds)
      let values = try environment.map { path throws(ScanError) in try ScanInputs.file(path) }
      guard
        var run = CollectionRun(
          try ScanInputs.file(path), environment: values, target: target,
          client: try inputs.client())
      else { throw .description("\(path) or its environment is no Postman file") }
      let cases = await run.run { surroundings.print($0.text) }
      let failed = cases.count { !$0.failures.isEmpty }
      let skipped = cases.map(\.skipped.count).reduce(0, +)
      surroundings.print(
        "\(cases.count) requests, \(cases.map(\.testCount).reduce(0, +)) tests, \(failed) failed"
          + (skipped > 0 ? ", \(skipped) lines of scripts not run\n" : "\n"))
      if let junit {
        do throws(FileError) {
          try SystemFile.write(
            Array(CollectionCase.junit(cases, named: run.name).utf8), to: junit, replacing: true)
        } catch { throw .description("\(junit) \(error)") }
      }
      return failed > 0 || (isStrict && skipped > 0) ? 1 : 0
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return error.exitStatus
    }
  }
}
