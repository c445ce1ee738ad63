package import TLS

/// How a client connects.
package struct ClientConfiguration: Sendable {
  /// Which addresses it may connect to.
  package var egress: EgressRule
  /// How TLS is spoken; nil for the authorities of the system, read when first needed.
  package var tls: TLSClientContext?

  package init(egress: EgressRule, tls: TLSClientContext? = nil) {
    self.egress = egress
    self.tls = tls
  }
}
