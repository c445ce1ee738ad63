import Blueprint

/// Where the answer to a request that was checked goes.
enum RedirectTarget {
  /// The URI; it was one when the request was checked.
  static func uri(of request: AuthorizationRequest) throws(OAuthError) -> RedirectURI {
    guard let uri = RedirectURI(request.redirectURI) else {
      throw .serverError("a redirect URI that was checked is none")
    }
    return uri
  }

  /// Its origin, for the policy of a page.
  static func origin(of request: AuthorizationRequest) -> String? {
    RedirectURI(request.redirectURI)?.origin
  }
}
