/// Every refusal that a client can meet, with its status and what the client is told (RFC 9457).
///
/// The text is the same for every cause: what exactly was wrong stands in the log alone.
public enum Problem: UInt8, CaseIterable, Sendable {
  case malformedRequest, requestTargetTooLong, headerTooLarge, methodNotSupported
  case versionNotSupported, expectationFailed, requestTimeout, contentTooLarge
  case unsupportedMediaType, validationFailed, notFound, methodNotAllowed, credentialsRequired,
    credentialsInvalid, accessDenied
  case addressDenied, originDenied, rateLimited, badGateway, responseNotAllowed
  case upstreamUnavailable, upstreamTimeout
  case overloaded, misdirectedRequest, internalError, requestBlocked, tlsRequired

  /// The status code of the refusal.
  public var status: Int {
    switch self {
    case .malformedRequest, .validationFailed: 400
    case .unsupportedMediaType: 415
    case .requestTargetTooLong: 414
    case .headerTooLarge: 431
    case .methodNotSupported: 501
    case .versionNotSupported: 505
    case .expectationFailed: 417
    case .requestTimeout: 408
    case .contentTooLarge: 413
    case .notFound: 404
    case .methodNotAllowed: 405
    case .credentialsRequired, .credentialsInvalid: 401
    case .accessDenied, .addressDenied, .originDenied, .requestBlocked, .tlsRequired: 403
    case .rateLimited: 429
    case .badGateway, .responseNotAllowed: 502
    case .upstreamUnavailable, .overloaded: 503
    case .upstreamTimeout: 504
    case .misdirectedRequest: 421
    case .internalError: 500
    }
  }

  /// The stable name: the end of the `type` URI, and a label in log and metrics.
  public var code: StaticString {
    switch self {
    case .malformedRequest: "malformed-request"
    case .requestTargetTooLong: "request-target-too-long"
    case .headerTooLarge: "header-too-large"
    case .methodNotSupported: "method-not-supported"
    case .versionNotSupported: "version-not-supported"
    case .expectationFailed: "expectation-failed"
    case .requestTimeout: "request-timeout"
    case .contentTooLarge: "content-too-large"
    case .unsupportedMediaType: "unsupported-media-type"
    case .validationFailed: "validation-failed"
    case .notFound: "not-found"
    case .methodNotAllowed: "method-not-allowed"
    case .credentialsRequired: "credentials-required"
    case .credentialsInvalid: "credentials-invalid"
    case .accessDenied: "access-denied"
    case .addressDenied: "address-denied"
    case .originDenied: "origin-denied"
    case .rateLimited: "rate-limited"
    case .badGateway: "bad-gateway"
    case .responseNotAllowed: "response-not-allowed"
    case .upstreamUnavailable: "upstream-unavailable"
    case .upstreamTimeout: "upstream-timeout"
    case .overloaded: "overloaded"
    case .misdirectedRequest: "misdirected-request"
    case .internalError: "internal-error"
    case .requestBlocked: "request-blocked"
    case .tlsRequired: "tls-required"
    }
  }

  /// One sentence for the client.
  public var title: StaticString {
    switch self {
    case .malformedRequest: "The request is not well-formed HTTP."
    case .requestTargetTooLong: "The request target is longer than allowed."
    case .headerTooLarge: "The header section is larger than allowed."
    case .methodNotSupported: "This method is not supported here."
    case .versionNotSupported: "This version of HTTP is not supported."
    case .expectationFailed: "The expectation cannot be met."
    case .requestTimeout: "The request did not arrive in time."
    case .contentTooLarge: "The content is larger than allowed."
    case .unsupportedMediaType: "The content's media type is not supported here."
    case .validationFailed: "The request is not what the API allows."
    case .notFound: "There is nothing at this address."
    case .methodNotAllowed: "This method is not allowed at this address."
    case .credentialsRequired: "Credentials are required."
    case .credentialsInvalid: "The credentials are not valid."
    case .accessDenied: "The caller may not do this."
    case .addressDenied: "The caller's address is not allowed."
    case .originDenied: "The origin is not allowed."
    case .rateLimited: "Too many requests."
    case .responseNotAllowed: "The service behind the gateway gave an answer that may not pass."
    case .badGateway: "The service behind the gateway gave no valid answer."
    case .upstreamUnavailable: "The service behind the gateway is not available."
    case .upstreamTimeout: "The service behind the gateway did not answer in time."
    case .overloaded: "The gateway cannot take more requests at the moment."
    case .misdirectedRequest: "This connection cannot serve that host."
    case .internalError: "The gateway failed to answer the request."
    case .requestBlocked: "The request is not let through."
    case .tlsRequired: "This API is served over https alone."
    }
  }
}
