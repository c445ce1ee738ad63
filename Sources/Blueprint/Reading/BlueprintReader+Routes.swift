import Base
import Formats

extension BlueprintReader {
  func routes(_ settings: inout Settings, of service: ServiceBlueprint) -> [RouteBlueprint] {
    guard settings.node("routes") != nil else {
      let route = RouteBlueprint(
        name: nil, hosts: [], paths: [.everything], methods: [], headers: [],
        isPublic: service.isPublic, pathRule: nil, stripPrefix: false, policies: [],
        timeouts: nil, position: service.position)
      checkAuthentication(of: route, in: service, settings)
      guard let file = service.description, let paths = describedPaths(file) else {
        return [route]
      }
      return DescribedRoutes(paths, like: route, at: file.position).routes
    }
    guard let parts = settings.settingsList("routes") else { return [] }
    if parts.isEmpty {
      settings.error(
        "'routes' is empty", expected: "at least one route, or no 'routes' for every path",
        at: "routes")
    }
    return parts.map { route($0, of: service) }
  }

  /// Whether the case of letters in a path counts.
  private enum PathCase: String, CaseIterable { case exact, ignored }

  private func route(_ part: Settings, of service: ServiceBlueprint) -> RouteBlueprint {
    var settings = part
    let policies = policies(&settings)
    let name = settings.text("name")
    if let name, !BlueprintReader.isName(name.string) {
      settings.refuse(name, "name", expected: "1 to 64 letters, digits, '.', '_' and '-'")
    }
    let own = isPublic(&settings, policies)
    var route = RouteBlueprint(
      name: name?.string,
      hosts: hosts(&settings),
      paths: paths(&settings),
      methods: methods(&settings),
      headers: headers(&settings),
      isPublic: own ?? (service.isPublic && !policies.contains(where: isAuthentication)),
      pathRule: settings.choice("path-rule", of: RouteBlueprint.PathRule.self),
      stripPrefix: settings.boolean("strip-prefix") ?? false,
      policies: policies,
      timeouts: timeouts(&settings, inheriting: service.timeouts),
      position: settings.position)
    route.ignoresPathCase = settings.choice("path-case", of: PathCase.self) == .ignored
    route.concurrencyMax = settings.integer("concurrency", in: 1...1_000_000)
    settings.finish()
    checkAuthentication(of: route, in: service, settings)
    if route.stripPrefix, route.paths.contains(where: { $0.kind != .prefix }) {
      settings.error(
        "'strip-prefix' with a path that is no prefix", expected: "prefixes alone",
        at: "strip-prefix")
    }
    return route
  }

  /// Nothing is open by accident: who calls is asked, or it is written that nobody asks.
  private func checkAuthentication(
    of route: RouteBlueprint, in service: ServiceBlueprint, _ settings: Settings
  ) {
    if route.isPublic || route.policies.contains(where: isAuthentication) { return }
    if service.policies.contains(where: isAuthentication) { return }
    let names = authenticationPolicies.joined(separator: ", ")
    settings.error(
      "nothing says who may call this route",
      expected: "one of the policies \(names) here or in its service, or 'public: true'",
      at: route.position)
  }

  // MARK: What a route matches

  private func hosts(_ settings: inout Settings) -> [HostPattern] {
    let hosts = settings.texts("hosts")
    if let hosts, hosts.isEmpty, settings.node("hosts")?.kind == .sequence {
      settings.error("'hosts' is empty", expected: "hosts, or no 'hosts' for all", at: "hosts")
    }
    return (hosts ?? []).compactMap { text in
      do throws(HostPattern.Failure) {
        return try HostPattern(text.string)
      } catch {
        let expected =
          switch error {
          case .anyHost: "no 'hosts' at all for every host"
          case .port: "a host without port"
          case .notASCII: "its ASCII form, xn--…"
          case .misplacedWildcard: "'*.' at the begin alone, such as *.example.com"
          case .invalid: "a host such as api.example.com or *.example.com"
          }
        settings.refuse(text, "hosts", expected: expected)
        return nil
      }
    }
  }

  private func paths(_ settings: inout Settings) -> [PathPattern] {
    guard let node = settings.node("paths") else { return [.everything] }
    let nodes = node.kind == .sequence ? node.elements : [node]
    if nodes.isEmpty {
      settings.error(
        "'paths' is empty", expected: "paths, or no 'paths' for all", at: "paths")
    }
    return nodes.compactMap { path($0, settings) }
  }

  private func path(_ node: Node, _ settings: Settings) -> PathPattern? {
    var text: Text?
    var kind: PathPattern.Kind?
    if node.kind == .mapping {
      var part = Settings(node, in: settings.diagnostics, interpolation: settings.interpolation)
      let kinds: [(String, PathPattern.Kind)] = [
        ("exact", .exact), ("prefix", .prefix), ("template", .template),
      ]
      for (key, meant) in kinds {
        if let found = part.text(key) { (text, kind) = (found, meant) }
      }
      part.finish()
      if node.count != 1 {
        part.error("this is no path", expected: "one of exact, prefix, template", at: node.position)
        return nil
      }
    } else {
      text = settings.text(of: node, "paths")
    }
    guard let text else { return nil }
    do {
      if let kind { return try PathPattern(text.string, kind: kind) }
      return try PathPattern(text.string)
    } catch {
      settings.error(
        "the path \(text.shown) \(error.message)", expected: error.expected, at: text.position)
      return nil
    }
  }

  private static let usualMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  private func methods(_ settings: inout Settings) -> [String] {
    let methods = settings.texts("methods")
    if let methods, methods.isEmpty, settings.node("methods")?.kind == .sequence {
      settings.error(
        "'methods' is empty", expected: "methods, or no 'methods' for all", at: "methods")
    }
    return (methods ?? []).compactMap { text in
      let method = text.string
      if BlueprintReader.usualMethods.contains(method) { return method }
      let isMethod =
        (1...24).contains(method.utf8.count)
        && method.utf8.allSatisfy { ASCII.isToken($0) && !($0 >= 0x61 && $0 <= 0x7A) }
      if ["CONNECT", "TRACE", "TRACK"].contains(method.uppercased()) {
        settings.refuse(text, "methods", expected: "a method that may be forwarded")
        return nil
      }
      if let meant = Spelling.nearest(to: method, in: BlueprintReader.usualMethods) {
        settings.refuse(text, "methods", words: [meant])
        return nil
      }
      guard isMethod else {
        settings.refuse(text, "methods", expected: "a method in capitals, such as GET")
        return nil
      }
      return method
    }
  }

  private func headers(_ settings: inout Settings) -> [RouteBlueprint.Header] {
    let headers = (settings.pairs("headers") ?? []).compactMap {
      name, value -> RouteBlueprint.Header? in
      guard !name.string.isEmpty, name.string.utf8.allSatisfy(ASCII.isToken) else {
        settings.refuse(name, "headers", expected: "names of fields")
        return nil
      }
      guard value.string.utf8.allSatisfy(ASCII.isFieldValue) else {
        settings.refuse(value, name.string, expected: "a value without control characters")
        return nil
      }
      return RouteBlueprint.Header(name: name.string.lowercased(), value: value.string)
    }
    return headers.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
  }
}
