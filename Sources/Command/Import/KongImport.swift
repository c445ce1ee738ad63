import Crypto
import Formats

/// Kong's declarative configuration (`_format_version` 1.1 to 3.0), as `deck` and Kong write it.
enum KongImport: ImportFormat {
  static let name = "kong"
  static let summary = "Kong's declarative configuration"

  private static let known: Set<String> = [
    "_format_version", "_comment", "_transform", "services", "routes", "consumers", "upstreams",
    "plugins",
  ]

  static func read(_ root: JSONValue, into draft: inout ImportDraft) throws(ImportError) {
    guard case .object(let object) = root, object["_format_version"] != nil else {
      throw ImportError("this is no declarative configuration of Kong: _format_version is missing")
    }
    draft.noteRest(of: object, besides: known, at: "$")
    let consumers = KongConsumers(root["consumers"]?.elements ?? [], &draft)
    for (place, service) in (root["services"]?.elements ?? []).enumerated() {
      read(service, "services[\(place)]", root, consumers, &draft)
    }
    for (place, plugin) in (root["plugins"]?.elements ?? []).enumerated()
    where plugin["consumer"] != nil || plugin["consumer_group"] != nil {
      draft.note(.left, "plugins[\(place)]", "policies of one consumer have no counterpart")
    }
    for (place, route) in (root["routes"]?.elements ?? []).enumerated()
    where service(of: route) == nil {
      draft.note(.left, "routes[\(place)]", "it has no service")
    }
  }

  private static let serviceKeys: Set<String> = [
    "name", "id", "url", "protocol", "host", "port", "path", "retries", "connect_timeout",
    "read_timeout", "write_timeout", "routes", "plugins", "tags", "enabled", "created_at",
    "updated_at",
  ]

  private static func read(
    _ value: JSONValue, _ place: String, _ root: JSONValue, _ consumers: KongConsumers,
    _ draft: inout ImportDraft
  ) {
    let called = value["name"]?.string ?? "service"
    if value["enabled"]?.boolean == false {
      draft.note(.left, place, "the service is disabled")
      return
    }
    guard let url = url(value) else {
      draft.note(.left, place, "its upstream is no http or https address")
      return
    }
    var service = ImportDraft.Service(name: draft.name(called, at: place))
    service.upstreams = upstreams(url, value, root, place, &draft)
    if !url.path.isEmpty {
      draft.note(.left, "\(place).path", "upstreams get no prefix: \(url.path) is not put before")
    }
    service.more = timeouts(value, place, &draft)
    if case .object(let object) = value {
      draft.noteRest(of: object, besides: serviceKeys, at: place)
    }
    var plugins = plugins(value["plugins"], place, &draft)
    for (number, plugin) in (root["plugins"]?.elements ?? []).enumerated()
    where plugin["consumer"] == nil && plugin["route"] == nil {
      let owner = reference(plugin["service"])
      if owner == nil || owner == called { plugins.append((plugin, "plugins[\(number)]")) }
    }
    var kong = KongPlugins(consumers)
    service.policies = kong.policies(plugins, &draft)
    let isKnown = kong.asksWhoCalls
    var routes: [(JSONValue, String)] = (value["routes"]?.elements ?? []).enumerated().map {
      ($1, "\(place).routes[\($0)]")
    }
    routes += (root["routes"]?.elements ?? []).enumerated().filter {
      KongImport.service(of: $1) == called
    }.map { ($1, "routes[\($0)]") }
    for (route, where_) in routes {
      service.routes += read(route, where_, root, consumers, isKnown, &draft)
    }
    if service.routes.isEmpty {
      draft.note(.left, place, "no route leads to the service")
      return
    }
    let keepsHost = routes.contains { $0.0["preserve_host"]?.boolean ?? false }
    if keepsHost { service.more.append(("host-header", "preserve")) }
    draft.note(.carried, place, "service \(service.name)")
    draft.services.append(service)
  }

  private static func service(of route: JSONValue) -> String? { reference(route["service"]) }

  /// What a reference names: `service: name`, or `service: { name: … }`.
  static func reference(_ value: JSONValue?) -> String? {
    value?.string ?? value?["name"]?.string ?? value?["id"]?.string
  }

  private static func url(_ value: JSONValue) -> ImportedURL? {
    if let url = value["url"]?.string { return ImportedURL(url) }
    let scheme = value["protocol"]?.string ?? "http"
    guard let host = value["host"]?.string else { return nil }
    let port = value["port"]?.integer ?? (scheme == "https" ? 443 : 80)
    return ImportedURL("\(scheme)://\(host):\(port)\(value["path"]?.string ?? "")")
  }

  /// The targets of an upstream of that name, or the address itself.
  private static func upstreams(
    _ url: ImportedURL, _ value: JSONValue, _ root: JSONValue, _ place: String,
    _ draft: inout ImportDraft
  ) -> [String] {
    let host = value["host"]?.string ?? ImportedURL.host(url.origin)
    guard let upstream = root["upstreams"]?.elements.first(where: { $0["name"]?.string == host })
    else { return [url.origin] }
    let scheme = url.origin.prefix { $0 != ":" }
    let targets = upstream["targets"]?.elements ?? []
    let weights = Set(targets.compactMap { $0["weight"]?.integer })
    if weights.count > 1 {
      draft.note(.changed, "upstreams.\(host)", "all targets get the same share")
    }
    if case .object(let object) = upstream {
      draft.noteRest(
        of: object, besides: ["name", "targets", "id", "tags"], at: "upstreams.\(host)")
    }
    let found = targets.compactMap { $0["target"]?.string }.map { "\(scheme)://\($0.lowercased())" }
    return found.isEmpty ? [url.origin] : found
  }

  private static func timeouts(
    _ value: JSONValue, _ place: String, _ draft: inout ImportDraft
  ) -> [(key: String, value: JSONValue)] {
    var more: [(key: String, value: JSONValue)] = []
    var times: [JSONMember] = []
    for (key, name) in [("connect_timeout", "connect"), ("read_timeout", "first-byte")] {
      if let milliseconds = value[key]?.integer, (1...86_400_000).contains(milliseconds) {
        times.append(JSONMember(name, .string("\(milliseconds)ms")))
      }
    }
    if value["write_timeout"] != nil {
      draft.note(.left, "\(place).write_timeout", "has no counterpart")
    }
    if !times.isEmpty { more.append(("timeouts", .object(times))) }
    if let count = value["retries"]?.integer {
      if count > 5 {
        draft.note(.changed, "\(place).retries", "5 retries in the place of \(count)")
      }
      more.append(("retries", .object([JSONMember("count", .integer(min(max(count, 0), 5)))])))
    }
    return more
  }

  private static func plugins(
    _ value: JSONValue?, _ place: String, _ draft: inout ImportDraft
  ) -> [(JSONValue, String)] {
    (value?.elements ?? []).enumerated().map { ($1, "\(place).plugins[\($0)]") }
  }

  // MARK: Routes

  private static let routeKeys: Set<String> = [
    "name", "id", "hosts", "paths", "methods", "headers", "strip_path", "preserve_host",
    "protocols", "plugins", "service", "tags", "created_at", "updated_at",
    "request_buffering", "response_buffering", "https_redirect_status_code", "path_handling",
  ]

  private static func read(
    _ value: JSONValue, _ place: String, _ root: JSONValue, _ consumers: KongConsumers,
    _ isKnown: Bool, _ draft: inout ImportDraft
  ) -> [ImportDraft.Route] {
    if case .object(let object) = value {
      draft.noteRest(of: object, besides: routeKeys, at: place)
    }
    let protocols = value["protocols"]?.elements.compactMap(\.string) ?? []
    if protocols.contains(where: { $0 != "http" && $0 != "https" }) {
      draft.note(.left, place, "protocols other than http and https")
      return []
    }
    if protocols == ["https"] {
      draft.note(.changed, "\(place).protocols", "clear text is a listener's matter here")
    }
    var all = plugins(value["plugins"], place, &draft)
    let called = value["name"]?.string
    for (number, plugin) in (root["plugins"]?.elements ?? []).enumerated()
    where plugin["consumer"] == nil && called != nil && reference(plugin["route"]) == called {
      all.append((plugin, "plugins[\(number)]"))
    }
    var kong = KongPlugins(consumers)
    var policies = kong.policies(all, &draft)
    if !isKnown, !kong.asksWhoCalls {
      draft.note(
        .changed, place, "nobody asked who calls; here a key is asked for until that is written")
      policies.append(ImportDraft.Policy("api-key"))
    }
    let strips = value["strip_path"]?.boolean ?? true
    let paths = value["paths"]?.elements.compactMap(\.string) ?? ["/"]
    return paths.enumerated().compactMap { number, path in
      let part = "\(place).paths[\(number)]"
      guard !path.hasPrefix("~"), path.hasPrefix("/"), !path.contains("(") else {
        draft.note(.left, part, "a regular expression: \(path)")
        return nil
      }
      var route = ImportDraft.Route(policies: policies)
      route.name = called.map { draft.name($0, at: part) }
      route.hosts = value["hosts"]?.elements.compactMap(\.string) ?? []
      route.methods = value["methods"]?.elements.compactMap(\.string) ?? []
      for header in value["headers"]?.members ?? [] {
        let values = header.value.elements.compactMap(\.string)
        if values.count != 1 {
          draft.note(.changed, "\(part).headers", "only the first value of \(header.name) counts")
        }
        if let first = values.first { route.headers.append((header.name.lowercased(), first)) }
      }
      route.paths = [
        ("prefix", path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
      ]
      route.stripsPrefix = strips && path != "/"
      return route
    }
  }
}

extension ImportedURL {
  /// The host of an origin.
  static func host(_ origin: String) -> String {
    let authority = origin.drop { $0 != "/" }.dropFirst(2)
    return String(authority.prefix { $0 != ":" })
  }
}
