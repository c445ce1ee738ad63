import Formats

/// Kong's plugins, as policies.
struct KongPlugins {
  private let consumers: KongConsumers
  /// Whether one of them asks who calls.
  private(set) var asksWhoCalls = false

  /// Ways to tell who calls that need what no file of Kong's says.
  private static let standIns: Set<String> = [
    "jwt", "oauth2", "openid-connect", "ldap-auth", "ldap-auth-advanced", "mtls-auth",
    "oauth2-introspection", "key-auth-enc", "session", "saml",
  ]

  init(_ consumers: KongConsumers) { self.consumers = consumers }

  /// The policies that plugins become, each with its place in the file.
  mutating func policies(
    _ plugins: [(JSONValue, String)], _ draft: inout ImportDraft
  ) -> [ImportDraft.Policy] {
    plugins.flatMap { policies($0, $1, &draft) }
  }

  private mutating func policies(
    _ plugin: JSONValue, _ place: String, _ draft: inout ImportDraft
  ) -> [ImportDraft.Policy] {
    let name = plugin["name"]?.string ?? ""
    if plugin["enabled"]?.boolean == false {
      draft.note(.left, place, "\(name) is disabled")
      return []
    }
    let config = plugin["config"] ?? [:]
    var part = Part(config, "\(place).config")
    let made = policies(name, &part, place, &draft)
    if made.isEmpty {
      draft.note(.left, place, "\(name) has no counterpart")
      return []
    }
    if !KongPlugins.standIns.contains(name) {
      draft.note(.carried, place, "\(name) as \(made.map(\.name).joined(separator: ", "))")
    }
    part.noteRest(&draft)
    return made
  }

  /// The settings of a plugin, and which of them were asked for.
  struct Part {
    private let config: JSONValue
    private let place: String
    private var asked: Set<String> = []

    init(_ config: JSONValue, _ place: String) {
      self.config = config
      self.place = place
    }

    subscript(key: String) -> JSONValue? {
      mutating get {
        asked.insert(key)
        return config[key].flatMap { $0.isNull ? nil : $0 }
      }
    }

    mutating func words(_ key: String) -> [String] {
      self[key]?.elements.compactMap(\.string) ?? self[key]?.string.map { [$0] } ?? []
    }

    func noteRest(_ draft: inout ImportDraft) {
      for member in config.members where !asked.contains(member.name) && !member.value.isNull {
        draft.note(.left, "\(place).\(member.name)", "has no counterpart")
      }
    }
  }

  private static func list(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }

  private mutating func policies(
    _ name: String, _ part: inout Part, _ place: String, _ draft: inout ImportDraft
  ) -> [ImportDraft.Policy] {
    switch name {
    case "key-auth":
      asksWhoCalls = true
      let names = part.words("key_names")
      if names.count > 1 { draft.note(.changed, place, "only \(names[0]) is read") }
      let keeps = !(part["hide_credentials"]?.boolean ?? false)
      return [
        ImportDraft.Policy(
          "api-key", [("header", .string(names.first ?? "apikey")), ("keep", .boolean(keeps))])
      ]
    case "basic-auth":
      guard !consumers.users.isEmpty else { return standIn(name, place, &draft) }
      asksWhoCalls = true
      let keeps = !(part["hide_credentials"]?.boolean ?? false)
      return [
        ImportDraft.Policy(
          "basic", [("users", .array(consumers.users)), ("keep", .boolean(keeps))])
      ]
    case "hmac-auth":
      guard !consumers.secrets.isEmpty else { return standIn(name, place, &draft) }
      asksWhoCalls = true
      draft.note(.changed, place, "the request line, the date and a digest have to be covered")
      return [ImportDraft.Policy("hmac", [("keys", .array(consumers.secrets))])]
    case _ where KongPlugins.standIns.contains(name): return standIn(name, place, &draft)
    case "acl":
      let allowed = part.words("allow") + part.words("whitelist")
      return allowed.isEmpty
        ? [] : [ImportDraft.Policy("access", [("groups", KongPlugins.list(allowed))])]
    case "rate-limiting", "rate-limiting-advanced": return limits(&part)
    case "ip-restriction":
      let members = ["allow", "deny"].compactMap { key -> (String, JSONValue)? in
        let words = part.words(key)
        return words.isEmpty ? nil : (key, KongPlugins.list(words))
      }
      return members.isEmpty ? [] : [ImportDraft.Policy("ip-filter", members)]
    case "request-size-limiting":
      let unit = part["size_unit"]?.string ?? "megabytes"
      let size = part["allowed_payload_size"]?.integer ?? 128
      let suffix = ["megabytes": "MB", "kilobytes": "kB"][unit] ?? ""
      return [ImportDraft.Policy("body-limit", [("size", .string("\(size)\(suffix)"))])]
    case "correlation-id": return [ImportDraft.Policy("request-id")]
    case "cors": return cors(&part)
    default: return []
    }
  }

  /// Where a way to tell who calls has no counterpart yet, a key is asked for: nobody gets in who
  /// did not before.
  private mutating func standIn(
    _ name: String, _ place: String, _ draft: inout ImportDraft
  ) -> [ImportDraft.Policy] {
    asksWhoCalls = true
    draft.note(
      .changed, place, "\(name) needs settings of your own; until then a key is asked for")
    return [ImportDraft.Policy("api-key")]
  }

  private func limits(_ part: inout Part) -> [ImportDraft.Policy] {
    let by = ["ip": "ip", "service": "route"][part["limit_by"]?.string ?? ""] ?? "consumer"
    return ["second", "minute", "hour", "day"].compactMap { unit in
      guard let count = part[unit]?.integer, count > 0 else { return nil }
      return ImportDraft.Policy(
        "rate-limit",
        [
          ("limit", .string("\(count)/\(unit)")), ("by", .string(by)),
          ("algorithm", "fixed-window"),
        ])
    }
  }

  private func cors(_ part: inout Part) -> [ImportDraft.Policy] {
    let origins = part.words("origins")
    guard !origins.isEmpty, !origins.contains(where: { $0.contains("(") }) else { return [] }
    var members: [(String, JSONValue)] = [("origins", KongPlugins.list(origins))]
    for (key, name) in [
      ("methods", "methods"), ("headers", "headers"), ("exposed_headers", "expose"),
    ] {
      let words = part.words(key)
      if !words.isEmpty { members.append((name, KongPlugins.list(words))) }
    }
    if let isAllowed = part["credentials"]?.boolean, !origins.contains("*") {
      members.append(("credentials", .boolean(isAllowed)))
    }
    if let age = part["max_age"]?.integer { members.append(("max-age", .string("\(age)s"))) }
    return [ImportDraft.Policy("cors", members)]
  }
}
