import Base
import Formats
import PolicyKit

/// `gatehouse explain`: says what the gateway would do with a request, and why.
struct ExplainCommand: Subcommand {
  static let name = "explain"
  static let summary = "says which route a request takes, and what each policy decides"
  static let options = [
    Option.config,
    Option("--host", "NAME", "the Host of the request (localhost)"),
    Option("--header", "'NAME: VALUE'", "a field of the request", isRepeatable: true),
    Option("--client", "ADDRESS", "where it comes from (127.0.0.1)"),
    Option("--tls", "it comes by TLS"),
    Option("--ask", "have others asked for what policies lack, such as an issuer"), Option.json,
  ]
  static let operands = "[METHOD] PATH"
  static let operandsMax = 2
  static let details = """
      Nothing is sent unless --ask says so: the request is read, routed and held against the
      policies as the gateway would, up to the upstream. Ends with 0 if it would be forwarded,
      else with 1.
    """

  private let path: String
  private let head: String
  private let client: IPAddress
  private let isSecure: Bool
  private let asks: Bool
  private let printsJSON: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    guard let target = arguments.operands.last else { throw UsageError("the path is missing") }
    let method = arguments.operands.count == 2 ? arguments.operands[0] : "GET"
    let fields = ["Host: \(arguments.value("--host") ?? "localhost")"] + arguments.all("--header")
    let address = arguments.value("--client") ?? "127.0.0.1"
    guard let client = IPAddress(address) else { throw UsageError("'\(address)' is no address") }
    self.client = client
    path = arguments.configPath
    head = (["\(method) \(target) HTTP/1.1"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    isSecure = arguments.has("--tls")
    asks = arguments.has("--ask")
    printsJSON = arguments.has("--json")
  }

  func run(in surroundings: Surroundings) -> Int32 {
    let (configuration, diagnostics) = ConfigurationFile.load(
      path: path, in: surroundings, retained: RetainedState())
    guard let configuration else {
      surroundings.complain(diagnostics.description + "\n")
      return 1
    }
    let explanation = RequestTrial(
      configuration: configuration, head: head, client: client, isSecure: isSecure,
      asks: asks
    ).explain()
    surroundings.print(printsJSON ? explanation.json : explanation.text)
    return explanation.status == nil && !explanation.isOpen ? 0 : 1
  }
}
