import PolicyKit

extension AnyOfPolicy {
  /// The policies that can be ways.
  static var types: [any CredentialPolicy.Type] {
    [APIKeyPolicy.self, JWTPolicy.self, MTLSPolicy.self, IntrospectionPolicy.self]
  }
}
