import Formats

/// An API of Tyk: an OpenAPI description with `x-tyk-api-gateway` (Tyk OAS).
enum TykImport: ImportFormat {
  static let name = "tyk"
  static let summary = "an API of Tyk, as an OAS description"

  private static let gateway = "x-tyk-api-gateway"

  static func read(_ root: JSONValue, into draft: inout ImportDraft) throws(ImportError) {
    guard root["openapi"] != nil, let tyk = root[gateway], case .object(let object) = tyk else {
      throw ImportError("this is no API of Tyk: \(gateway) is missing")
    }
    let place = gateway
    if tyk["info"]?["state"]?["active"]?.boolean == false {
      throw ImportError("the API is not active")
    }
    guard let url = (tyk["upstream"]?["url"]?.string).flatMap({ ImportedURL($0) }) else {
      throw ImportError("\(place).upstream.url is no http or https address")
    }
    let called = tyk["info"]?["name"]?.string ?? root["info"]?["title"]?.string ?? "api"
    var service = ImportDraft.Service(name: draft.name(called, at: "\(place).info.name"))
    service.upstreams = [url.origin]
    if !url.path.isEmpty {
      draft.note(
        .left, "\(place).upstream.url", "upstreams get no prefix: \(url.path) is not put before")
    }
    service.policies = authentication(tyk, root, &draft)
    service.policies += limits(tyk, &draft)
    service.policies += middleware(tyk["middleware"], &draft)
    service.routes = [route(tyk["server"], &draft)]
    draft.noteRest(
      of: object, besides: ["info", "upstream", "server", "middleware"], at: place)
    noteRest(tyk, &draft)
    if let paths = root["paths"]?.members, !paths.isEmpty {
      draft.note(
        .left, "paths",
        "\(paths.count) paths: add 'openapi' to the service to hold requests to them")
    }
    draft.note(.carried, place, "service \(service.name)")
    draft.services.append(service)
  }

  private static func noteRest(_ tyk: JSONValue, _ draft: inout ImportDraft) {
    let parts: [(String, Set<String>)] = [
      ("upstream", ["url", "rateLimit"]),
      ("server", ["listenPath", "customDomain", "authentication"]),
    ]
    for (key, known) in parts {
      if case .object(let object) = tyk[key] ?? .null {
        draft.noteRest(of: object, besides: known, at: "\(gateway).\(key)")
      }
    }
  }

  private static func route(_ server: JSONValue?, _ draft: inout ImportDraft) -> ImportDraft.Route {
    var route = ImportDraft.Route()
    var path = server?["listenPath"]?["value"]?.string ?? "/"
    if path.contains("{") {
      draft.note(.changed, "\(gateway).server.listenPath", "what stands before its first variable")
      path = String(path.prefix { $0 != "{" })
    }
    if path.count > 1, path.hasSuffix("/") { path = String(path.dropLast()) }
    route.paths = [("prefix", path.hasPrefix("/") ? path : "/" + path)]
    route.stripsPrefix = (server?["listenPath"]?["strip"]?.boolean ?? false) && path != "/"
    if let domain = server?["customDomain"], domain["enabled"]?.boolean ?? true,
      let name = domain["name"]?.string
    {
      route.hosts = [name]
    }
    return route
  }

  /// How it is told who calls. What cannot be carried over becomes a key, which nobody has yet.
  private static func authentication(
    _ tyk: JSONValue, _ root: JSONValue, _ draft: inout ImportDraft
  ) -> [ImportDraft.Policy] {
    let place = "\(gateway).server.authentication"
    let part = tyk["server"]?["authentication"]
    guard let part, part["enabled"]?.boolean ?? true else {
      draft.note(
        .changed, place, "nobody asked who calls; here a key is asked for until that is written")
      return [ImportDraft.Policy("api-key")]
    }
    let keeps = !(part["stripAuthorizationData"]?.boolean ?? false)
    var isCarried = false
    for member in part["securitySchemes"]?.members ?? []
    where member.value["enabled"]?.boolean ?? true {
      let own = "\(place).securitySchemes.\(member.name)"
      let scheme = root["components"]?["securitySchemes"]?[member.name]
      guard scheme?["type"]?.string == "apiKey", scheme?["in"]?.string == "header", !isCarried
      else {
        draft.note(.left, own, "needs settings of your own: jwt, introspection or another policy")
        continue
      }
      isCarried = true
    }
    let first = part["securitySchemes"]?.members.first { member in
      root["components"]?["securitySchemes"]?[member.name]?["type"]?.string == "apiKey"
    }
    let header = first.flatMap { root["components"]?["securitySchemes"]?[$0.name]?["name"]?.string }
    if isCarried {
      draft.note(.carried, place, "api-key; the keys themselves are not in the file")
    } else {
      draft.note(.changed, place, "a key is asked for until another policy stands there")
    }
    return [
      ImportDraft.Policy(
        "api-key", [("header", .string(header ?? "Authorization")), ("keep", .boolean(keeps))])
    ]
  }

  /// `rate` requests in `per`, such as 60s.
  private static func limits(
    _ tyk: JSONValue, _ draft: inout ImportDraft
  ) -> [ImportDraft.Policy] {
    let place = "\(gateway).upstream.rateLimit"
    guard let limit = tyk["upstream"]?["rateLimit"], limit["enabled"]?.boolean ?? true else {
      return []
    }
    let units = ["1s": "second", "1m": "minute", "60s": "minute", "1h": "hour", "1m0s": "minute"]
    guard let rate = limit["rate"]?.integer, rate > 0,
      let unit = units[limit["per"]?.string ?? ""]
    else {
      draft.note(.left, place, "no limit of so many a second, minute or hour")
      return []
    }
    draft.note(.carried, place, "rate-limit for the whole service")
    return [
      ImportDraft.Policy(
        "rate-limit", [("limit", .string("\(rate)/\(unit)")), ("by", "route")])
    ]
  }

  private static func middleware(
    _ part: JSONValue?, _ draft: inout ImportDraft
  ) -> [ImportDraft.Policy] {
    var policies: [ImportDraft.Policy] = []
    for member in part?["global"]?.members ?? [] {
      let place = "\(gateway).middleware.global.\(member.name)"
      if member.name == "cors", member.value["enabled"]?.boolean ?? false,
        let origins = member.value["allowedOrigins"]?.elements, !origins.isEmpty
      {
        draft.note(.carried, place, "cors")
        policies.append(ImportDraft.Policy("cors", [("origins", .array(origins))]))
      } else {
        draft.note(.left, place, "has no counterpart")
      }
    }
    for operation in part?["operations"]?.members ?? [] {
      for member in operation.value.members {
        draft.note(
          .left, "\(gateway).middleware.operations.\(operation.name).\(member.name)",
          "has no counterpart for one operation")
      }
    }
    for member in part?.members ?? [] where !["global", "operations"].contains(member.name) {
      draft.note(.left, "\(gateway).middleware.\(member.name)", "has no counterpart")
    }
    return policies
  }
}
