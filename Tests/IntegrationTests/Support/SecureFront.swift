import Foundation

/// A gateway that speaks TLS with a certificate of a test's own authority, in front of a server
/// that does not: what others have to believe by the authority's file alone.
final class SecureFront {
  let port: UInt16
  private let gateway: RunningGateway

  /// In front of the server at `upstream`, under the name `localhost`.
  init(_ authority: TestAuthority, before upstream: UInt16) throws {
    try authority.issue("localhost")
    let listener = """
          tls:
            certificates:
              - certificate: \(authority.path("localhost.pem"))
                key: \(authority.path("localhost.key"))
      """
    gateway = try RunningGateway(
      services: Services.open(upstream), listener: listener, workers: 1)
    port = gateway.port
  }

  /// Where it is.
  var url: String { "https://localhost:\(port)" }
}
