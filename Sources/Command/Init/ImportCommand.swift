import Blueprint
import FoundationEssentials
import OpenAPI
import Runtime

/// `gatehouse import`: a configuration from what a user has already.
struct ImportCommand: Subcommand {
  static let name = "import"
  static let summary =
    "turns the description of an API, or another product's file, into a configuration"
  static let operands = "FORMAT FILE"
  static let operandsMax = 2
  static let options = [
    Option("--upstream", "URL", "with openapi, where the API is (its first server)"),
    Option("--output", "FILE", "where the configuration goes (standard output)"),
    Option("--force", "replaces a file that exists"),
  ]
  static let details = """
      FORMAT is openapi, kong (declarative configuration), tyk (OAS) or postman (collection 2).
      Says on standard error what was carried over, what was changed and what was not carried
      over; what nobody was asked for there is asked for a key here. The configuration has no
      consumers yet: 'gatehouse new-key' makes keys, and 'gatehouse init' certificates as well.
    """

  /// Another product's form; nil for the description of an API.
  private let product: (any ImportFormat.Type)?
  private let path: String
  private let upstream: String?
  private let output: String?
  private let replaces: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    guard let kind = arguments.operands.first else {
      throw UsageError("what to import is missing: expected FORMAT and FILE")
    }
    product = ProductImport.formats.first { $0.name == kind }
    guard kind == "openapi" || product != nil else {
      let names = ["openapi"] + ProductImport.formats.map { $0.name }
      throw Arguments.unknown("format", kind, among: names)
    }
    guard arguments.operands.count == 2 else { throw UsageError("the file is missing") }
    path = arguments.operands[1]
    upstream = arguments.value("--upstream")
    output = arguments.value("--output")
    replaces = arguments.has("--force")
    if product != nil, upstream != nil {
      throw UsageError("--upstream is for openapi: the file says where its services are")
    }
  }

  func run(in surroundings: Surroundings) -> Int32 {
    if let product {
      return ProductImport(format: product, file: path, output: output, replaces: replaces)
        .run(in: surroundings)
    }
    switch DescriptionFile.read(path) {
    case .failure(let problem):
      surroundings.complain("gatehouse: \(problem)\n")
      return 1
    case .success(let outline): return write(outline, surroundings)
    }
  }

  private func write(_ outline: APIOutline, _ surroundings: Surroundings) -> Int32 {
    let server = upstream ?? outline.servers.lazy.compactMap(ImportCommand.origin).first
    let shown = DescriptionFile.absolute(path)
    var template = ConfigurationTemplate(
      upstream: server ?? "http://127.0.0.1:3000", isDemo: false)
    if let problem = template.problem {
      surroundings.complain("gatehouse: \(problem)\n")
      return 2
    }
    template.description = (shown, outline)
    let text = template.text(keyHash: nil)
    if let output {
      do throws(FileError) {
        try SystemFile.write(
          Array(text.utf8), to: output, permissions: 0o644, replacing: replaces)
      } catch {
        surroundings.complain("gatehouse: \(output) \(error)\n")
        return 1
      }
    } else {
      surroundings.print(text)
    }
    surroundings.complain(report(outline, upstream: server))
    return 0
  }

  /// Scheme, host and port of a server's address; nil if it has none, or variables in them.
  private static func origin(_ server: String) -> String? {
    guard let scheme = ["http://", "https://"].first(where: server.hasPrefix) else { return nil }
    let authority = server.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, !authority.contains("{"), !authority.contains("@") else {
      return nil
    }
    return scheme + authority
  }

  // MARK: The report

  private func report(_ outline: APIOutline, upstream server: String?) -> String {
    var carried = [
      "\(outline.operationCount) operations on \(outline.pathTemplates.count) paths: "
        + "routes, and what may pass"
    ]
    var left: [String] = []
    if let server {
      carried.append("the upstream \(server)")
      for other in outline.servers.dropFirst() where upstream == nil {
        left.append("the server \(other): one upstream was taken")
      }
    } else {
      left.append("an upstream: no server has a plain address; write one below 'upstreams'")
    }
    var hasKey = false
    for scheme in outline.schemes {
      switch scheme.kind {
      case .key where !hasKey && ["header", "query"].contains(scheme.key?.place ?? ""):
        hasKey = true
        carried.append("the security scheme '\(scheme.name)': policy api-key")
      case .token:
        left.append(
          "the security scheme '\(scheme.name)' (\(scheme.type)): add the policy jwt with issuer, "
            + "audience and keys")
      case .certificate:
        left.append("the security scheme '\(scheme.name)' (\(scheme.type)): add the policy mtls")
      default: left.append("the security scheme '\(scheme.name)' (\(scheme.type))")
      }
    }
    left += outline.unused
    var text = "Carried over:\n"
    for line in carried { text += "  \(line)\n" }
    if !left.isEmpty { text += "Not carried over:\n" }
    for line in left { text += "  \(line)\n" }
    return text
  }
}
