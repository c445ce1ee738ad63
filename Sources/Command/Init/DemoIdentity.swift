import Crypto

/// The identity provider of the demo: a client for programs, one for people, and a user, whose
/// secrets are made for this folder alone.
struct DemoIdentity {
  static let issuer = "https://localhost:8443"
  static let audience = "https://localhost:8443/orders"
  static let job = "demo-job"
  static let app = "demo-app"
  static let user = "demo"
  /// Where the demo's application would listen.
  static let callback = "http://127.0.0.1:8765/callback"

  /// The secret of the client for programs, and the password of the user.
  let secret: NewKey
  let password: String
  private let passwordHash: String

  init() throws(CryptoError) {
    secret = try NewKey()
    password = try KeyForm.make(prefix: "demo-")
    passwordHash = try PasswordHash(of: password).text
  }

  /// The lines of the configuration.
  var lines: String {
    """

    # What is changed at run time, and the keys and grants of the identity provider, encrypted.
    store: { sqlite: gatehouse.db }

    # Who gives out tokens: OAuth 2.0 and OpenID Connect, at https://localhost:8443.
    identity:
      issuer: "\(DemoIdentity.issuer)"
      apis:
        - name: Demo shop
          audience: "\(DemoIdentity.audience)"
          scopes: { "orders:read": "Read your orders" }
      clients:
        # A program that acts for itself.
        - id: \(DemoIdentity.job)
          secrets: ["\(secret.hash)"]
          grants: [client_credentials]
          scopes: ["orders:read"]
        # An application that people sign in to: no secret, but PKCE.
        - id: \(DemoIdentity.app)
          name: Demo application
          redirect-uris: ["\(DemoIdentity.callback)"]
          scopes: [openid, profile, email, "orders:read"]
      users:
        - name: \(DemoIdentity.user)
          password: "\(passwordHash)"
          full-name: Demo User
          email: demo@example.com
          roles: [reader]
    """
  }
}
