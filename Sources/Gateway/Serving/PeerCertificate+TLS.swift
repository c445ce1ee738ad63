import PolicyKit
import TLS

extension PeerCertificate {
  /// What a session's peer showed, for policies.
  convenience init(_ peer: TLSPeer) {
    self.init(
      fingerprint: peer.fingerprint, subject: peer.subject, issuer: peer.issuer,
      commonName: peer.commonName, dnsNames: peer.dnsNames, uris: peer.uris,
      emails: peer.emails)
  }
}
