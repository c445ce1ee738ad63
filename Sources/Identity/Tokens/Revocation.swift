import Formats
import Storage

/// What no longer counts although it has not ended: as records that every gateway follows.
enum Revocation {
  /// What is remembered of: a grant, a token, or a user's tokens up to now.
  enum Subject {
    case grant(String)
    case token(String)
    case user(String)

    fileprivate var name: String {
      switch self {
      case .grant(let id): "sid " + id
      case .token(let id): "jti " + id
      case .user(let subject): "sub " + subject
      }
    }
  }

  /// How long it is remembered, in milliseconds: the longest access token, and some.
  private static let milliseconds = IdentitySettings.tokenMillisecondsMax + 600_000

  /// The change that notes it; `until` is when the last token ends that it is about.
  static func note(_ subject: Subject, at now: Int, until: Int? = nil) -> VaultChange {
    .put(
      StoredKinds.revocation, subject.name, .object([JSONMember("at", .integer(now))]),
      expires: until ?? now + milliseconds)
  }

  /// The changes that end grants, with their access tokens.
  static func changes(_ grants: [Grant], at now: Int) -> [VaultChange] {
    grants.flatMap { grant in
      [.remove(StoredKinds.grant, grant.id), note(.grant(grant.publicID), at: now)]
    }
  }

  /// The list that policies read: what is remembered, by the claims of tokens.
  static func list(_ records: [String: Int]) -> JSONValue {
    var lists: [String: [JSONValue]] = ["jti": [], "sid": []]
    var subjects: [JSONMember] = []
    for (name, at) in records.sorted(by: { $0.key < $1.key }) {
      let (claim, value) = (String(name.prefix(3)), String(name.dropFirst(4)))
      if claim == "sub" {
        subjects.append(JSONMember(value, .integer(at / 1000)))
      } else {
        lists[claim]?.append(.string(value))
      }
    }
    return .object([
      JSONMember("jti", .array(lists["jti"] ?? [])), JSONMember("sid", .array(lists["sid"] ?? [])),
      JSONMember("sub", .object(subjects)),
    ])
  }

  /// Whether a token of ours with these claims is on the list.
  static func holds(_ claims: JSONValue, _ vault: Vault) throws -> Bool {
    for (name, prefix) in [("sid", "sid "), ("jti", "jti ")] {
      guard let value = claims[name]?.string else { continue }
      if try vault.record(StoredKinds.revocation, prefix + value) != nil { return true }
    }
    guard let subject = claims["sub"]?.string,
      let noted = try vault.record(StoredKinds.revocation, "sub " + subject),
      let at = noted.body["at"]?.integer
    else { return false }
    return (claims["iat"]?.integer ?? 0) <= at / 1000
  }
}
