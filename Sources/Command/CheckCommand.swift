import Blueprint
import Formats
import PolicyKit

/// `gatehouse check`: reads the configuration as `run` would, and says what is wrong with it.
struct CheckCommand: Subcommand {
  static let name = "check"
  static let summary = "checks the configuration, and lists every error at once"
  static let options = [Option.config]
  static let details = """
      Ends with 0 if the configuration can be run, else with 1 and a line for each error:
      file:line:column: what, expected what
    """

  private let path: String

  init(_ arguments: Arguments) { path = arguments.configPath }

  func run(in surroundings: Surroundings) -> Int32 {
    let (configuration, diagnostics) = ConfigurationFile.load(
      path: path, in: surroundings, retained: RetainedState())
    let findings = diagnostics.description
    if !findings.isEmpty { surroundings.complain(findings + "\n") }
    guard let configuration else { return 1 }
    surroundings.print(CheckCommand.report(on: configuration, path: path))
    return 0
  }

  /// What is listened on, and for each route what its requests go through.
  static func report(on configuration: Configuration, path: String) -> String {
    let blueprint = configuration.blueprint
    var text = "\(path) is valid.\n"
    for listener in blueprint.listeners {
      text += "\nlistener \(listener.bind)\(listener.tls == nil ? "" : " TLS")"
      if let redirect = listener.redirect {
        text += " -> https://\(redirect.host):\(redirect.port)"
      }
    }
    text += "\nadmin    \(blueprint.admin.bind)\n"
    var chains = configuration.policies.perRoute[...]
    for service in blueprint.services {
      let upstreams = service.upstreams.map(\.description).joined(separator: ", ")
      text += "\nservice \(service.name) -> "
      text += service.isIdentity ? "the gateway itself\n" : "\(upstreams)\n"
      for route in service.routes {
        let names = (chains.popFirst() ?? []).map { type(of: $0).manifest.name }
        text += "  \(words(for: route))\n"
        text += "    \(names.isEmpty ? "no policies" : names.joined(separator: " > "))\n"
      }
    }
    return text + "\nconsumers \(blueprint.consumers.count)\n"
  }

  private static func words(for route: RouteBlueprint) -> String {
    var words = [route.methods.isEmpty ? "any method" : route.methods.joined(separator: ",")]
    words.append(
      route.hosts.isEmpty ? "any host" : route.hosts.map(\.description).joined(separator: ","))
    words.append(route.paths.map(\.description).joined(separator: ", "))
    words += route.headers.map { "\($0.name): \($0.value)" }
    return words.joined(separator: "  ") + (route.isPublic ? "  (public)" : "")
  }
}
