import Base
import Crypto
import Formats

extension BlueprintReader {
  /// What the service is called that the identity provider becomes.
  static let identityService = "identity"
  /// The scopes that no API owns (OpenID Connect Core 1.0 §5.4, §11).
  static let ownScopes = ["openid", "profile", "email", "offline_access"]

  /// The identity provider, and the service that it is served as.
  func identity(
    _ root: inout Settings
  ) -> (identity: IdentityBlueprint, service: ServiceBlueprint)? {
    guard var settings = root.settings("identity") else { return nil }
    let issuer = issuer(&settings)
    let apis = apis(&settings)
    let identity = issuer.map {
      IdentityBlueprint(
        issuer: $0, lifetimes: lifetimes(&settings), rotation: rotation(&settings), apis: apis,
        clients: clients(&settings, apis), users: users(&settings), position: settings.position)
    }
    let policies = policies(&settings)
    for policy in policies where isAuthentication(policy) {
      settings.error(
        "the policy '\(policy.name)' asks who calls, before anybody can tell",
        expected: "policies that identify nobody, such as rate-limit", at: policy.position)
    }
    if issuer == nil {
      _ = (lifetimes(&settings), rotation(&settings), clients(&settings, apis), users(&settings))
    }
    settings.finish()
    return identity.map { ($0, service($0, policies)) }
  }

  private func service(
    _ identity: IdentityBlueprint, _ policies: [PolicyBlueprint]
  ) -> ServiceBlueprint {
    let paths = IdentityEndpoint.allCases.compactMap {
      try? PathPattern($0.path(below: identity.issuer.path), kind: .exact)
    }
    let route = RouteBlueprint(
      name: BlueprintReader.identityService, hosts: [identity.issuer.host], paths: paths,
      methods: [], headers: [], isPublic: true, pathRule: nil, stripPrefix: false, policies: [],
      timeouts: nil, position: identity.position)
    return ServiceBlueprint(
      name: BlueprintReader.identityService, upstreams: [], upstreamTLS: UpstreamTLSBlueprint(),
      balance: .roundRobin, timeouts: TimeoutsBlueprint(), retries: RetriesBlueprint(),
      keepAlive: KeepAliveBlueprint(), webSocket: nil, hostHeader: .upstream, description: nil,
      routes: [route], policies: policies, isPublic: true, isIdentity: true,
      position: identity.position)
  }

  private func issuer(_ settings: inout Settings) -> IssuerBlueprint? {
    guard let text = settings.requiredText("issuer") else { return nil }
    guard let issuer = IssuerBlueprint(text.string) else {
      settings.refuse(
        text, "issuer",
        expected:
          "an https URL without query and without a slash at its end, or http on this machine"
      )
      return nil
    }
    return issuer
  }

  private func lifetimes(_ parent: inout Settings) -> IdentityBlueprint.Lifetimes {
    var times = IdentityBlueprint.Lifetimes()
    guard var settings = parent.settings("lifetimes") else { return times }
    let day = 86_400_000
    let parts: [(String, WritableKeyPath<IdentityBlueprint.Lifetimes, Int>, ClosedRange<Int>)] = [
      ("access-token", \.accessToken, 10_000...day), ("id-token", \.idToken, 10_000...day),
      ("refresh-token", \.refreshToken, 60_000...3650 * day),
      ("grant", \.grant, 60_000...3650 * day),
      ("session", \.session, 60_000...365 * day),
      ("session-idle", \.sessionIdle, 60_000...365 * day),
    ]
    for (key, path, range) in parts {
      if let value = settings.duration(key, in: range) { times[keyPath: path] = value }
    }
    settings.finish()
    return times
  }

  private func rotation(_ parent: inout Settings) -> IdentityBlueprint.KeyRotation {
    var rotation = IdentityBlueprint.KeyRotation()
    guard var settings = parent.settings("keys") else { return rotation }
    if let value = settings.duration("rotate", in: 3_600_000...3650 * 86_400_000) {
      rotation.period = value
    }
    if let value = settings.duration("publish-ahead", in: 120_000...365 * 86_400_000) {
      rotation.ahead = value
    }
    settings.finish()
    if rotation.ahead >= rotation.period {
      settings.error(
        "'publish-ahead' is as long as a key signs", expected: "less than 'rotate'",
        at: "publish-ahead")
    }
    return rotation
  }

  // MARK: APIs

  private func apis(_ parent: inout Settings) -> [IdentityBlueprint.API] {
    var owners: [String: String] = [:]
    return (parent.settingsList("apis") ?? []).compactMap { part in
      var settings = part
      let name = settings.requiredString("name")
      let audience = settings.requiredText("audience")
      let scopes = scopes(&settings, of: name ?? "", &owners)
      let lifetime = settings.duration("access-token", in: 10_000...86_400_000)
      settings.finish()
      guard let name, let audience else { return nil }
      if let before = owners.updateValue(name, forKey: "aud \(audience.string)") {
        settings.error(
          "the audience \(audience.shown) is that of '\(before)' already", at: audience.position)
      }
      return IdentityBlueprint.API(
        name: name, audience: audience.string, scopes: scopes, accessToken: lifetime)
    }
  }

  /// `scopes`: names, or by name what each means to people.
  private func scopes(
    _ settings: inout Settings, of api: String, _ owners: inout [String: String]
  ) -> [(name: String, meaning: String)] {
    let isMapping = settings.node("scopes")?.kind == .mapping
    let given =
      isMapping
      ? (settings.pairs("scopes") ?? []).map { ($0.key, $0.value.string) }
      : (settings.texts("scopes") ?? []).map { ($0, $0.string) }
    return given.compactMap { name, meaning in
      guard BlueprintReader.isScope(name.string),
        !BlueprintReader.ownScopes.contains(name.string)
      else {
        settings.refuse(name, "scopes", expected: "a scope of the API's own (RFC 6749 §3.3)")
        return nil
      }
      if let before = owners.updateValue(api, forKey: name.string) {
        settings.error(
          "the scope \(name.shown) is one of '\(before)' already",
          expected: "each scope once, so that it says which API a token is for",
          at: name.position)
      }
      return (name: name.string, meaning: meaning)
    }
  }

  /// RFC 6749 §3.3.
  static func isScope(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
  }

  // MARK: Clients

  private func clients(
    _ parent: inout Settings, _ apis: [IdentityBlueprint.API]
  ) -> [ClientBlueprint] {
    let known = BlueprintReader.ownScopes + apis.flatMap { $0.scopes.map(\.name) }
    var places: [String: Position] = [:]
    return (parent.settingsList("clients") ?? []).compactMap { part in
      guard let client = client(part, scopes: known, apis) else { return nil }
      if let position = client.position,
        let before = places.updateValue(position, forKey: client.id)
      {
        parent.error(
          "the client '\(client.id)' is there twice, first in line \(before.line)", at: position)
      }
      return client
    }
  }

  private func client(
    _ part: Settings, scopes known: [String], _ apis: [IdentityBlueprint.API]
  ) -> ClientBlueprint? {
    var settings = part
    guard let id = settings.requiredText("id") else { return nil }
    guard BlueprintReader.isName(id.string, countMax: 128, besides: "._-@/+") else {
      settings.refuse(id, "id", expected: "1 to 128 letters, digits and any of ._-@/+")
      return nil
    }
    var client = ClientBlueprint(id: id.string)
    client.position = settings.position
    client.name = settings.string("name") ?? id.string
    client.secrets = (settings.texts("secrets") ?? []).compactMap { secret($0, settings) }
    client.keys = settings.path("jwks").flatMap { content($0, settings) }
    client.authentication =
      settings.choice("authentication", of: ClientBlueprint.Authentication.self)
      ?? (client.keys != nil ? .privateKey : client.secrets.isEmpty ? .none : .secretBasic)
    client.redirectURIs = settings.list("redirect-uris") ?? []
    client.postLogoutRedirectURIs = settings.list("post-logout-redirect-uris") ?? []
    let words = ClientBlueprint.Grant.allCases.map(\.rawValue)
    let grants = settings.choices("grants", words)?.compactMap(ClientBlueprint.Grant.init)
    client.grants = Set(grants ?? [.authorizationCode, .refreshToken])
    client.scopes = settings.choices("scopes", known) ?? []
    client.roles = settings.list("roles") ?? []
    client.audiences = settings.choices("audiences", apis.map(\.audience)) ?? []
    client.isTrusted = settings.boolean("trusted") ?? false
    client.mustPush = settings.boolean("require-pushed-requests") ?? false
    client.mustBind = settings.boolean("require-dpop") ?? false
    client.idTokenAlgorithm = settings.choice("id-token-algorithm", ["RS256", "ES256"]) ?? "RS256"
    client.accessToken = settings.duration("access-token", in: 10_000...86_400_000)
    settings.finish()
    if let flaw = client.flaw {
      settings.error(flaw.message, expected: flaw.expected, at: settings.position)
    }
    return client
  }

  private func secret(_ text: Text, _ settings: Settings) -> KeyDigest? {
    if let digest = KeyDigest(text.string), digest != KeyDigest.ofNothing { return digest }
    settings.error(
      text.string.hasPrefix("sha256:")
        ? "the hash of a secret is malformed" : "a secret stands here in plain text",
      expected: "'sha256:' and 64 hexadecimal digits, as 'gatehouse new-key' prints them",
      at: text.position)
    return nil
  }

  private func content(_ path: Text, _ settings: Settings) -> String? {
    switch settings.interpolation.file(path.string) {
    case .found(let text): return text
    case .failed(let why):
      settings.error("\(path.shown) \(why)", at: path.position)
      return nil
    }
  }

  // MARK: Users

  private func users(_ parent: inout Settings) -> [UserBlueprint] {
    var places: [String: Position] = [:]
    return (parent.settingsList("users") ?? []).compactMap { part in
      guard let user = user(part) else { return nil }
      if let before = places.updateValue(user.position, forKey: user.name.lowercased()) {
        parent.error(
          "the user '\(user.name)' is there twice, first in line \(before.line)",
          at: user.position)
      }
      return user
    }
  }

  private func user(_ part: Settings) -> UserBlueprint? {
    var settings = part
    let name = settings.requiredText("name")
    let password = settings.requiredText("password")
    let user = UserBlueprint(
      name: name?.string ?? "", password: password?.string ?? "",
      fullName: settings.string("full-name"), email: settings.string("email"),
      isEmailVerified: settings.boolean("email-verified") ?? false,
      roles: settings.list("roles") ?? [], groups: settings.list("groups") ?? [],
      isDisabled: settings.boolean("disabled") ?? false, position: settings.position)
    settings.finish()
    guard let name, let password else { return nil }
    guard BlueprintReader.isName(name.string, countMax: 128, besides: "._-@+") else {
      settings.refuse(name, "name", expected: "1 to 128 letters, digits and any of ._-@+")
      return nil
    }
    guard PasswordHash(password.string) != nil else {
      settings.error(
        "'password' is no hash", expected: "what 'gatehouse hash-password' prints",
        at: password.position)
      return nil
    }
    return user
  }
}
