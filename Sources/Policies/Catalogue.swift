public import PolicyKit

/// The policies that the gateway has.
public enum Catalogue {
  /// All of them.
  public static var standard: PolicyCatalogue {
    PolicyCatalogue([
      IPFilterPolicy.self, AbuseLimitPolicy.self, AdmissionLimitPolicy.self,
      BodyLimitPolicy.self, CORSPolicy.self, RequestIDPolicy.self,
      APIKeyPolicy.self, JWTPolicy.self, MTLSPolicy.self, IntrospectionPolicy.self,
      OIDCPolicy.self, OIDCLogoutPolicy.self, BasicPolicy.self, LDAPPolicy.self, HMACPolicy.self,
      MessageSignaturePolicy.self,
      AnyOfPolicy.self, AccessPolicy.self,
      AuthorizerPolicy.self, RateLimitPolicy.self, PlanPolicy.self,
      ConcurrencyLimitPolicy.self,
      OpenAPIPolicy.self, JSONSchemaPolicy.self, GraphQLPolicy.self, ShieldPolicy.self,
      HeadersPolicy.self, CompressPolicy.self, DecompressPolicy.self, CachePolicy.self,
    ])
  }
}
