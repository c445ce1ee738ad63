import Base
import Crypto
import Formats
import JOSE
import PolicyKit

/// The settings of a `jwt` policy, read and checked.
struct JWTSettings {
  let place: BearerToken
  let keeps: Bool
  let keys: TokenKeys
  let identity: TokenIdentity
  let scopes: Set<String>
  let cache: IdentityCache?
  let proof: TokenProof
  let revocations: RevocationSource?
  /// Of all that decides whether a token is right.
  let fingerprint: Digest256

  private static let cacheMax = 1_048_576

  init(_ settings: inout Settings, at site: PolicySite) {
    place = JWTSettings.place(&settings)
    keeps = settings.boolean("keep") ?? false
    scopes = Set(settings.list("scopes") ?? [])
    let rules = JWTSettings.rules(&settings)
    let authorities = AuthoritySetting.read(&settings, site)
    let source = JWTKeys(&settings, authorities, at: site, issuers: rules.issuers)
    var isOwn = false
    if case .own = source.origin { isOwn = true }
    identity = JWTSettings.identity(&settings, site, hasOwnClaims: isOwn)
    let type: TokenTypeRule =
      settings.choice("type", ["jwt", "at+jwt"]) == "at+jwt" ? .access : .accessOrUnsaid
    let algorithms = source.algorithms
    keys =
      switch source.origin {
      case .keys(let keys):
        TokenKeys(
          TokenVerifier(
            keys: VerificationKeys(keys, algorithms: algorithms), type: type, rules: rules))
      case .remote(let remote), .own(let remote):
        TokenKeys(remote) { keys in
          TokenVerifier(
            keys: VerificationKeys(keys, algorithms: algorithms), type: type, rules: rules)
        }
      }
    let size = settings.integer("cache", in: 0...JWTSettings.cacheMax) ?? 16_384
    cache =
      size == 0
      ? nil
      : site.retained.object("jwt \(site.service) \(site.path) \(size)") {
        IdentityCache(count: size)
      }
    proof = JWTSettings.proof(&settings, site, leewaySeconds: rules.leewaySeconds)
    let list = settings.text("revocations").flatMap { text in
      RemoteURL.checked(text, "revocations", settings).map { url in
        site.retained.object("revocations \(url) \(authorities?.fingerprint ?? "")") {
          RevocationSource(url: url, authorities: authorities)
        }
      }
    }
    revocations = list ?? (isOwn ? OwnIssuer.revocations(in: site.retained) : nil)
    let known = identity.consumers?.consumers.map {
      "\($0.index) \($0.name) \($0.roles.sorted()) \($0.groups.sorted()) \($0.isDisabled)"
    }
    let text =
      "\(rules) \(type) \(scopes.sorted()) \(algorithms.map(\.rawValue).sorted()) "
      + "\(identity.nameClaim) \(identity.roleClaim ?? []) \(identity.groupClaim ?? []) "
      + "\(known?.sorted() ?? []) \(source.fingerprint) \(site.roles.text)"
    fingerprint = SHA256Hasher().hash(text.utf8.span)
  }

  static func place(_ settings: inout Settings) -> BearerToken {
    let header = settings.string("header") ?? "Authorization"
    if header.isEmpty || !header.utf8.allSatisfy(ASCII.isToken) {
      settings.error("'\(header)' is no field name", at: "header")
    }
    let cookie = settings.text("cookie")
    if let cookie, cookie.string.isEmpty || !cookie.string.utf8.allSatisfy(ASCII.isToken) {
      settings.refuse(cookie, "cookie", expected: "the name of a cookie")
    }
    return BearerToken(header: header, cookie: cookie?.string)
  }

  /// `hasOwnClaims` is for tokens of the gateway's own, which say roles and groups by RFC 9068
  /// §2.2.3.1.
  static func identity(
    _ settings: inout Settings, _ site: PolicySite, hasOwnClaims: Bool = false
  ) -> TokenIdentity {
    func path(_ key: String) -> [String]? {
      settings.string(key).map { RequiredClaim($0, values: []).path }
    }
    let isKnown = settings.boolean("consumers-only") ?? false
    return TokenIdentity(
      nameClaim: path("consumer") ?? ["sub"],
      roleClaim: path("roles") ?? (hasOwnClaims ? ["roles"] : nil),
      groupClaim: path("groups") ?? (hasOwnClaims ? ["groups"] : nil),
      consumers: isKnown ? site.directory : nil,
      directory: site.roles)
  }

  /// `url` is under which key the origin stands that clients know.
  static func proof(
    _ settings: inout Settings, _ site: PolicySite, leewaySeconds: Int, url key: String = "url"
  ) -> TokenProof {
    let reader = ProofReader(leewaySeconds: leewaySeconds)
    let lifetime = reader.lifetimeSeconds * 1000
    let url = settings.text(key)
    let origin = url?.string.lowercased()
    if let url, let origin {
      let hosts = origin.split(separator: "/", omittingEmptySubsequences: false)
      let isOrigin = hosts.count == 3 && hosts[0].hasPrefix("http") && !hosts[2].isEmpty
      if !isOrigin || !(origin.hasPrefix("https://") || origin.hasPrefix("http://")) {
        settings.refuse(url, key, expected: "scheme and host, such as https://api.example.com")
      }
    }
    return TokenProof(
      demand: settings.choice("bound", of: TokenProof.Demand.self) ?? .none, reader: reader,
      replays: site.retained.object("proofs \(site.service) \(site.path) \(lifetime)") {
        ReplayCache(lifetimeMilliseconds: lifetime)
      }, origin: origin)
  }

  private static func rules(_ settings: inout Settings) -> ClaimRules {
    let issuers = settings.requiredList("issuer") ?? []
    let audiences = settings.requiredList("audience") ?? []
    let leeway = settings.duration("leeway", in: 0...ClaimRules.leewaySecondsMax * 1000) ?? 30_000
    let age = settings.duration("max-age", in: 1000...31_536_000_000)
    return ClaimRules(
      issuers: issuers, audiences: audiences, leewaySeconds: (leeway + 999) / 1000,
      ageSecondsMax: age.map { $0 / 1000 }, required: required(&settings))
  }

  /// `claims`: by name a value, or a list of values of which one is enough.
  private static func required(_ settings: inout Settings) -> [RequiredClaim] {
    guard let node = settings.node("claims") else { return [] }
    guard node.kind == .mapping else {
      settings.error("'claims' is no mapping", expected: "claim: value", at: "claims")
      return []
    }
    return (0..<node.count).map { place in
      let (key, value) = node.pair(place)
      let name = key.text ?? ""
      let nodes = value.kind == .sequence ? value.elements : [value]
      let values = nodes.compactMap { settings.text(of: $0, name)?.string }
      if nodes.isEmpty {
        settings.error("'\(name)' has no value", expected: "a value or a list", at: value.position)
      }
      return RequiredClaim(name, values: values)
    }
  }
}
