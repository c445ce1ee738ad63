import Client
import Scanner

/// `gatehouse send`: one request, as somebody, and all of its answer.
struct SendCommand: Subcommand {
  static let name = "send"
  static let summary = "sends one request to an API, as one of its callers"
  static let operands = "'METHOD /path'"
  static let operandsMax = 1
  static let options = ByHandOptions.options + [Option("--json", "prints the answer as JSON")]
  static let details = """
      For an operation of the description, what is not given is made up as far as it says what fits:
      gatehouse send 'GET /orders/{id}' --openapi shop.yaml --target URL --set id=7 --as A
      Ends with 0 for a 2xx or 3xx, 1 for anything else, 3 without an answer.
    """

  private let words: String
  private let isJSON: Bool
  private let given: ByHandOptions

  init(_ arguments: Arguments) throws(UsageError) {
    guard let words = arguments.operands.first else {
      throw UsageError("the request is missing, such as 'GET /orders'")
    }
    self.words = words
    isJSON = arguments.has("--json")
    given = try ByHandOptions(arguments)
  }

  func run(in surroundings: Surroundings) -> Int32 {
    AsyncWork.run { await send(surroundings) }
  }

  private func send(_ surroundings: Surroundings) async -> Int32 {
    do throws(ScanError) {
      let (bench, credential) = try await given.bench(surroundings)
      let request = try await given.request(words, bench)
      do throws(ClientError) {
        let answer = try await bench.send(request, credential: credential)
        surroundings.print(isJSON ? SentAnswer.json(request, answer) : SentAnswer.text(answer))
        return (200..<400).contains(answer.status) ? 0 : 1
      } catch { throw .target("\(error)") }
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return error.exitStatus
    }
  }
}
