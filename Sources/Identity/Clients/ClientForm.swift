import Blueprint
import Formats

/// How clients stand in records.
enum ClientForm {
  /// The client that a record says.
  static func blueprint(_ id: String, _ record: JSONValue) -> ClientBlueprint {
    func words(_ name: String) -> [String] {
      (record[name]?.elements ?? []).compactMap(\.string)
    }
    var client = ClientBlueprint(id: id)
    client.name = record["name"]?.string ?? id
    client.authentication =
      record["authentication"]?.string.flatMap { ClientBlueprint.Authentication(rawValue: $0) }
      ?? .secretBasic
    client.keys = record["jwks"].flatMap { $0.isNull ? nil : $0.serialized }
    client.redirectURIs = words("redirect-uris")
    client.postLogoutRedirectURIs = words("post-logout-redirect-uris")
    client.grants = Set(words("grants").compactMap { ClientBlueprint.Grant(rawValue: $0) })
    client.scopes = words("scopes")
    client.roles = words("roles")
    client.audiences = words("audiences")
    client.isTrusted = record["trusted"]?.boolean ?? false
    client.mustPush = record["require-pushed-requests"]?.boolean ?? false
    client.mustBind = record["require-dpop"]?.boolean ?? false
    client.idTokenAlgorithm = record["id-token-algorithm"]?.string ?? "RS256"
    client.accessToken = record["access-token-seconds"]?.integer.map { $0 * 1000 }
    return client
  }
}
