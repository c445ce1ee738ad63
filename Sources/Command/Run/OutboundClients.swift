import Client
import Crypto
import PolicyKit
import Synchronization
import TLS

/// The clients by which the gateway asks servers for its policies: one for each set of authorities
/// whose certificates are believed.
///
/// The operator chose the addresses, so private ones are allowed: many issuers stand in the same
/// network.
final class OutboundClients: Sendable {
  /// More sets of authorities than any configuration has; those of old ones go with the rest.
  private static let countMax = 64

  private let clients = Mutex<[String: Client]>([:])

  /// The client for servers whose certificates are of `authorities`, or of those of the system; nil
  /// if there can be none.
  func client(_ authorities: TrustedAuthorities?) -> Client? {
    let key = authorities?.fingerprint ?? ""
    return clients.withLock { clients in
      if let known = clients[key] { return known }
      guard let made = OutboundClients.make(authorities) else { return nil }
      if clients.count >= OutboundClients.countMax { clients = [:] }
      clients[key] = made
      return made
    }
  }

  private static func make(_ authorities: TrustedAuthorities?) -> Client? {
    guard let authorities else { return try? Client(ClientConfiguration(egress: .any)) }
    guard let certificates = try? Certificate.all(pem: authorities.pem.span),
      let trust = try? TrustStore(authorities: certificates),
      let tls = try? TLSClientContext(TLSClientSettings(verification: .full(trust)))
    else { return nil }
    return try? Client(ClientConfiguration(egress: .any, tls: tls))
  }
}
