import Client
import Scanner

/// `gatehouse replay`: sends recorded requests again, and says where the answers differ.
struct ReplayCommand: Subcommand {
  static let name = "replay"
  static let summary = "sends the requests of a recording (HAR) again, and compares the answers"
  static let operands = "FILE"
  static let operandsMax = 1
  static let options =
    ByHandOptions.options.filter {
      ["--target", "--identities", "--as", "--insecure"].contains($0.name)
    }
    + [Option("--entry", "NUMBER", "only this request, counted from 1")]
  static let details = """
      With --as, the recorded credentials are replaced. Ends with 1 if a status differs.
      What a scan found is shown again by: gatehouse scan replay ID --report FILE
    """

  private let path: String
  private let entry: Int?
  private let replacesCredentials: Bool
  private let given: ByHandOptions

  init(_ arguments: Arguments) throws(UsageError) {
    guard let path = arguments.operands.first else { throw UsageError("the recording is missing") }
    self.path = path
    entry = arguments.value("--entry").flatMap { Int($0) }
    if arguments.has("--entry"), entry == nil { throw UsageError("--entry must be a number") }
    replacesCredentials = arguments.has("--as")
    given = try ByHandOptions(arguments)
  }

  func run(in surroundings: Surroundings) -> Int32 {
    AsyncWork.run { await replay(surroundings) }
  }

  private func replay(_ surroundings: Surroundings) async -> Int32 {
    do throws(ScanError) {
      guard let recorded = ManualRequest.recorded(try ScanInputs.file(path)) else {
        throw .description("\(path) is no recording (HAR)")
      }
      let (bench, credential) = try await given.bench(surroundings)
      var differences = 0
      for (place, item) in recorded.enumerated() where entry == nil || entry == place + 1 {
        var request = item.request
        if replacesCredentials {
          request.fields.removeAll { ["authorization", "cookie", "x-api-key"].contains($0.name) }
        }
        let words = "\(place + 1) \(request.method) \(request.target)"
        do throws(ClientError) {
          let answer = try await bench.send(request, credential: credential)
          let differs = answer.status != item.status
          differences += differs ? 1 : 0
          surroundings.print(
            "\(words): \(item.status) → \(answer.status)\(differs ? "  differs" : "")\n")
        } catch {
          differences += 1
          surroundings.print("\(words): \(item.status) → \(error)\n")
        }
      }
      return differences == 0 ? 0 : 1
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return error.exitStatus
    }
  }
}
