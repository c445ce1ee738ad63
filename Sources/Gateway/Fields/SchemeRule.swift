import Base
import HTTP

/// Which scheme a request's target may name on a connection (RFC 9110 §7.4).
enum SchemeRule {
  /// Whether a target of `scheme` is for another connection than this.
  ///
  /// What names https may have come by it to a gateway that is trusted, before it came here in
  /// clear text: to a trusted hop, or to one on this machine.
  static func isMisdirected(
    _ scheme: Scheme, isSecure: Bool, from peer: IPAddress, hops: [AddressBlock]
  ) -> Bool {
    switch scheme {
    case .unnamed: false
    case .http: isSecure && !hops.contains { $0.contains(peer) }
    case .https: !isSecure && !peer.isLoopback && !hops.contains { $0.contains(peer) }
    }
  }
}
