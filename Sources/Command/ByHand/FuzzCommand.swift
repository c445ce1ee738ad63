import Client
import Runtime
import Scanner

/// `gatehouse fuzz`: one place of a request, a list of words, and how the answers differ.
struct FuzzCommand: Subcommand {
  static let name = "fuzz"
  static let summary = "puts each word of a list into one place of a request, and compares answers"
  static let operands = "'METHOD /path'"
  static let operandsMax = 1
  static let options =
    ByHandOptions.options + [
      Option("--words", "FILE", "the words, one a line"),
      Option("--hide", "STATUS", "answers with this status are not shown", isRepeatable: true),
      Option("--different", "only answers unlike the first are shown"),
      Option("--requests-max", "NUMBER", "the most words (10000)"),
    ]
  static let details = """
      The word FUZZ in path, query, field or content is the place:
      gatehouse fuzz 'GET /search?q=FUZZ' --target URL --words words.txt --as A --identities FILE
    """

  private let words: String
  private let list: String
  private let hidden: Set<Int>
  private let isDifferentOnly: Bool
  private let most: Int
  private let given: ByHandOptions

  init(_ arguments: Arguments) throws(UsageError) {
    guard let words = arguments.operands.first else {
      throw UsageError("the request is missing, such as 'GET /search?q=FUZZ'")
    }
    guard let list = arguments.value("--words") else {
      throw UsageError("the option --words is missing")
    }
    guard let most = Int(arguments.value("--requests-max") ?? "10000"), most > 0 else {
      throw UsageError("--requests-max must be a number above 0")
    }
    self.words = words
    self.list = list
    self.most = most
    hidden = Set(arguments.all("--hide").compactMap { Int($0) })
    isDifferentOnly = arguments.has("--different")
    given = try ByHandOptions(arguments)
  }

  func run(in surroundings: Surroundings) -> Int32 {
    AsyncWork.run { await fuzz(surroundings) }
  }

  private func fuzz(_ surroundings: Surroundings) async -> Int32 {
    do throws(ScanError) {
      let text = String(decoding: try ScanInputs.file(list), as: UTF8.self)
      let entries = text.split(separator: "\n").map { $0.hasSuffix("\r") ? $0.dropLast() : $0 }
      let (bench, credential) = try await given.bench(surroundings)
      let request = try await given.request(words, bench)
      guard request.hasPlace else {
        throw .description("the word FUZZ stands nowhere in the request")
      }
      surroundings.print("status   bytes  words     ms  differs  word\n")
      var first: (status: Int, body: [UInt8])?
      for entry in entries.prefix(most) {
        let word = String(entry)
        do throws(ClientError) {
          let answer = try await bench.send(request.with(word), credential: credential)
          let differs = first.map { $0.status != answer.status || $0.body != answer.body } ?? false
          if first == nil { first = (answer.status, answer.body) }
          if hidden.contains(answer.status) || (isDifferentOnly && !differs) { continue }
          surroundings.print(FuzzCommand.row(answer, word, differs))
        } catch { surroundings.print("     –       –      –      –           \(word): \(error)\n") }
      }
      return 0
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return error.exitStatus
    }
  }

  private static func row(_ answer: ClientResponse, _ word: String, _ differs: Bool) -> String {
    func right(_ number: Int, _ width: Int) -> String {
      let text = "\(number)"
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let text = String(decoding: answer.body, as: UTF8.self)
    let count = text.split { $0.isWhitespace }.count
    let time = Int(answer.elapsedNanoseconds / 1_000_000)
    return right(answer.status, 6) + right(answer.body.count, 8) + right(count, 7)
      + right(time, 7) + (differs ? "      yes" : "         ") + "  \(word)\n"
  }
}
