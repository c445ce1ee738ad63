import Blueprint
import FoundationEssentials
import OpenAPI
import Runtime

/// `gatehouse import`: a configuration from what a user has already.
struct ImportCommand: Subcommand {
  static let name = "import"
  static let summary = "turns the description of an API into a configuration"
  static let operands = "openapi FILE"
  static let operandsMax = 2
  static let options = [
    Option("--upstream", "URL", "where the API is (the first server of the description)"),
    Option("--output", "FILE", "where the configuration goes (standard output)"),
    Option("--force", "replaces a file that exists"),
  ]
  static let details = """
      Says on standard error what was carried over and what was not. The configuration has no
      consumers yet: 'gatehouse new-key' makes keys, and 'gatehouse init' certificates as well.
    """

  private let path: String
  private let upstream: String?
  private let output: String?
  private let replaces: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    guard let kind = arguments.operands.first else {
      throw UsageError("what to import is missing: expected 'openapi FILE'")
    }
    guard kind == "openapi" else {
      throw UsageError("'\(kind)' cannot be imported: expected openapi")
    }
    guard arguments.operands.count == 2 else { throw UsageError("the file is missing") }
    path = arguments.operands[1]
    upstream = arguments.value("--upstream")
    output = arguments.value("--output")
    replaces = arguments.has("--force")
  }

  func run(in surroundings: Surroundings) -> Int32 {
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
