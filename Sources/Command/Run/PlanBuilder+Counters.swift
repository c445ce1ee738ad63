import Blueprint
import Crypto
import Formats
import Gateway
import TLS

extension PlanBuilder {
  /// The store of shared counts, if there is one.
  func sharedCounters() throws(TLSSettingsError) -> PlanCounters? {
    guard let blueprint = configuration.blueprint.counters else { return nil }
    let authorities = configuration.credentials.counters
    var context: TLSClientContext?
    if blueprint.isSecure {
      let trust: TrustStore
      if let authorities {
        trust = try TrustStore(authorities: authorities)
      } else {
        trust = try TrustStore()
      }
      context = try TLSClientContext(TLSClientSettings(verification: .full(trust)))
    }
    return PlanCounters(
      target: UpstreamTarget(
        index: 0, host: blueprint.host, address: blueprint.address, port: blueprint.port,
        isSecure: false, weight: 1, serverName: nil),
      tls: context, user: blueprint.user?.string, password: blueprint.password?.string,
      database: blueprint.database, prefix: blueprint.prefix,
      timeoutMilliseconds: blueprint.timeoutMilliseconds,
      tlsFingerprint: (authorities ?? []).map { "\($0.fingerprint)" }.joined(separator: " "),
      status: counters)
  }
}
