import TLS

/// What a server is offered to find out how it protects connections.
package enum TransportTrial: String, CaseIterable, Sendable {
  case version10 = "TLS 1.0"
  case version11 = "TLS 1.1"
  case staticKeys = "ciphers without forward secrecy"
  case brokenCiphers = "ciphers that are broken"
  case verification = "a certificate that cannot be verified"

  /// What a server did.
  package enum Outcome: Sendable {
    case accepted(ClientResponse?)
    case refused(String)
    /// Nothing is known: it could not be reached, or we cannot speak like that.
    case unknown
  }

  /// How TLS is spoken; nil if this library cannot.
  private func context() -> TLSClientContext? {
    var settings = TLSClientSettings(verification: .insecure)
    switch self {
    // RFC 8996 takes both out of use.
    case .version10: settings.probe = TLSProbe(version: .v10, ciphers: "ALL:@SECLEVEL=0")
    case .version11: settings.probe = TLSProbe(version: .v11, ciphers: "ALL:@SECLEVEL=0")
    case .staticKeys: settings.probe = TLSProbe(version: .v12, ciphers: "kRSA:@SECLEVEL=0")
    case .brokenCiphers:
      settings.probe = TLSProbe(
        version: .v12, ciphers: "aNULL:eNULL:EXPORT:DES:3DES:RC4:MD5:@SECLEVEL=0")
    case .verification:
      guard let trust = try? TrustStore() else { return nil }
      settings = TLSClientSettings(verification: .full(trust))
    }
    return try? TLSClientContext(settings)
  }

  /// Shakes hands so with a server, and asks it for `/`.
  package func run(on origin: ClientOrigin) async -> Outcome {
    guard origin.isSecure, let context = context(),
      let client = try? Client(ClientConfiguration(egress: .any, tls: context))
    else { return .unknown }
    do throws(ClientError) {
      return .accepted(try await client.send(ClientRequest("GET", origin, target: "/")))
    } catch {
      switch error {
      case .insecure(let reason): return .refused(reason)
      // The hand was shaken; what came after is another matter.
      case .malformed, .tooLarge, .timedOut(.answer), .timedOut(.finish): return .accepted(nil)
      default: return .unknown
      }
    }
  }
}
