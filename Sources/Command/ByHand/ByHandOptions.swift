import Client
import Runtime
import Scanner

/// What the tools by hand have in common: an API, who calls, and what goes into a request.
struct ByHandOptions: Sendable {
  static let options = [
    Option("--target", "URL", "where the API is; nothing outside of it is requested"),
    Option("--openapi", "FILE_OR_URL", "a description, whose operations need no values"),
    Option("--identities", "FILE", "who may call"),
    Option("--as", "NAME", "who calls; nobody without it"),
    Option("--set", "NAME=VALUE", "a value for what is in braces in the path", isRepeatable: true),
    Option("--query", "NAME=VALUE", "a parameter of the query", isRepeatable: true),
    Option("--header", "NAME:VALUE", "a field of the request", isRepeatable: true),
    Option("--body", "TEXT", "the content; @FILE takes it from a file"),
    Option("--insecure", "believes any certificate of the target"),
  ]

  let target: String
  private let source: String?
  private let identities: String?
  private let caller: String?
  private let values: [String: String]
  private let query: [(String, String)]
  private let fields: [(String, String)]
  private let body: String?
  private let isInsecure: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    guard let target = arguments.value("--target") else {
      throw UsageError("the option --target is missing")
    }
    self.target = target
    source = arguments.value("--openapi")
    identities = arguments.value("--identities")
    caller = arguments.value("--as")
    body = arguments.value("--body")
    isInsecure = arguments.has("--insecure")
    values = Dictionary(
      try ByHandOptions.pairs(arguments.all("--set"), "=", "--set"), uniquingKeysWith: { $1 })
    query = try ByHandOptions.pairs(arguments.all("--query"), "=", "--query")
    fields = try ByHandOptions.pairs(arguments.all("--header"), ":", "--header")
  }

  private static func pairs(
    _ texts: [String], _ sign: Character, _ option: String
  ) throws(UsageError) -> [(String, String)] {
    var result: [(String, String)] = []
    for text in texts {
      guard let place = text.firstIndex(of: sign), place > text.startIndex else {
        throw UsageError("\(option) is written as NAME\(sign)VALUE, not '\(text)'")
      }
      let value = text[text.index(after: place)...]
      result.append((String(text[..<place]), String(value.drop { $0 == " " })))
    }
    return result
  }

  /// A bench for the API, and the fields of whoever calls.
  func bench(
    _ surroundings: Surroundings
  ) async throws(ScanError) -> (bench: Workbench, credential: [(name: String, value: String)]) {
    let inputs = ScanInputs(isInsecure: isInsecure, nowUnixSeconds: surroundings.nowUnixSeconds)
    let client = try inputs.client()
    var description = APIDescription()
    if let source {
      description = try await inputs.description(
        [source], environment: nil, target: target, client)
    }
    let people = try identities.map { path throws(ScanError) in try ScanInputs.file(path) }
    let bench = try Workbench(description, identities: people, target: target, client: client)
    return (bench, try await bench.credential(of: caller))
  }

  /// The request that the options and `words` describe.
  func request(_ words: String, _ bench: Workbench) async throws(ScanError) -> ManualRequest {
    var content: [UInt8]?
    if let body {
      content =
        body.hasPrefix("@") ? try ScanInputs.file(String(body.dropFirst())) : Array(body.utf8)
    }
    var request = try await bench.request(
      words, values: values, query: query, fields: fields, body: content)
    if content != nil, request.contentType == nil { request.contentType = "application/json" }
    return request
  }
}
