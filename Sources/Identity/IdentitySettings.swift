public import Blueprint
import Crypto

/// What the configuration says of the identity provider, in the form that requests need it.
public struct IdentitySettings: Sendable {
  /// The issuer.
  public let issuer: IssuerBlueprint
  let lifetimes: IdentityBlueprint.Lifetimes
  let rotation: IdentityBlueprint.KeyRotation
  let apis: [IdentityBlueprint.API]
  /// Clients of the file, by identifier.
  let clients: [String: OAuthClient]
  /// Users of the file, by name in lower case, and by subject.
  let usersByName, usersBySubject: [String: User]
  private let apiOfScope: [String: Int]

  /// The scopes that no API owns.
  static let ownScopes = ["openid", "profile", "email", "offline_access"]
  /// The longest that any token may be good, in milliseconds; the reader allows no more.
  static let tokenMillisecondsMax = 86_400_000

  /// The settings of a blueprint.
  public init(_ blueprint: IdentityBlueprint) {
    issuer = blueprint.issuer
    lifetimes = blueprint.lifetimes
    rotation = blueprint.rotation
    apis = blueprint.apis
    clients = Dictionary(
      blueprint.clients.map { ($0.id, OAuthClient($0)) }, uniquingKeysWith: { first, _ in first })
    let users = blueprint.users.map { User($0) }
    usersByName = Dictionary(
      users.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    usersBySubject = Dictionary(
      users.map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
    apiOfScope = Dictionary(
      blueprint.apis.enumerated().flatMap { place, api in api.scopes.map { ($0.name, place) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// All scopes that there are.
  var scopes: [String] {
    IdentitySettings.ownScopes + apis.flatMap { $0.scopes.map(\.name) }
  }

  /// The clients that the file owns.
  public var clientIDs: Set<String> { Set(clients.keys) }

  /// What a scope means to people.
  func meaning(of scope: String) -> String {
    switch scope {
    case "openid": "Know who you are"
    case "profile": "Read your name"
    case "email": "Read your e-mail address"
    case "offline_access": "Keep access while you are away"
    default:
      apiOfScope[scope].flatMap { place in
        apis[place].scopes.first { $0.name == scope }.map { "\(apis[place].name): \($0.meaning)" }
      } ?? scope
    }
  }

  /// Whom a token is for, what it may permit there, and how long it may be good.
  struct Target: Sendable {
    let audiences: [String]
    let scopes: [String]
    let milliseconds: Int
  }

  /// The target of a token with these scopes, for the resources that were asked for or else for
  /// all that own one of the scopes (RFC 8707 §2.2, RFC 9068 §3).
  func target(
    scopes: [String], resources: [String], client: OAuthClient
  ) throws(OAuthError) -> Target {
    var places: [Int] = []
    for resource in resources {
      guard let place = apis.firstIndex(where: { $0.audience == resource }) else {
        throw .invalidTarget
      }
      if !places.contains(place) { places.append(place) }
    }
    if places.isEmpty {
      for scope in scopes {
        if let place = apiOfScope[scope], !places.contains(place) { places.append(place) }
      }
    }
    let granted = scopes.filter { scope in apiOfScope[scope].map { places.contains($0) } ?? true }
    // Without an API, the token is for the one place here that takes it.
    let audiences = places.map { apis[$0].audience }
    let usual = places.compactMap { apis[$0].accessToken }.min() ?? lifetimes.accessToken
    return Target(
      audiences: audiences.isEmpty || granted.contains("openid")
        ? audiences + [issuer.text] : audiences,
      scopes: granted, milliseconds: client.blueprint.accessToken ?? usual)
  }
}
