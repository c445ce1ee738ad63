import PolicyKit

extension AnyOfPolicy {
  /// The policies that can be ways.
  static var types: [any CredentialPolicy.Type] {
    [
      APIKeyPolicy.self, BasicPolicy.self, HMACPolicy.self, IntrospectionPolicy.self,
      JWTPolicy.self, LDAPPolicy.self, MessageSignaturePolicy.self, MTLSPolicy.self,
      OIDCPolicy.self,
    ]
  }
}
