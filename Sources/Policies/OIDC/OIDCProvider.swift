import Formats
import JOSE
import PolicyKit
import Synchronization

/// An OpenID provider: what it says of itself (OpenID Connect Discovery 1.0 §4), and its keys.
///
/// Shared by all policies that name it. Both documents are fetched in the background.
final class OIDCProvider: RemoteDocument {
  /// Its endpoints.
  struct Endpoints: Hashable, Sendable {
    let authorization: String
    let token: String
    let endSession: String?
    let keys: String
    /// Whether each answer names the provider (RFC 9207 §3).
    let namesItself: Bool
  }

  private struct State {
    var endpoints: Endpoints?
    var fetchedAt: UInt64 = 0
    var attemptedAt: UInt64?
    var isUnderWay = false
  }

  private static let refreshMilliseconds: UInt64 = 3_600_000
  private static let coolDownMilliseconds: UInt64 = 5_000

  let issuer: String
  let authorities: TrustedAuthorities?
  let bytesMax = 256 * 1024
  let keys: KeySetSource
  private let state: Mutex<State>

  init(issuer: String, authorities: TrustedAuthorities? = nil) {
    self.issuer = issuer
    self.authorities = authorities
    state = Mutex(State())
    keys = KeySetSource(url: "", authorities: authorities, timing: KeySetState.Timing())
  }

  /// What it says of itself; nil as long as that is not known.
  var endpoints: Endpoints? { state.withLock { $0.endpoints } }

  var url: String {
    let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
    return base + "/.well-known/openid-configuration"
  }

  func beginsFetch(atMilliseconds now: UInt64) -> Bool {
    state.withLock { state in
      if state.isUnderWay { return false }
      if let last = state.attemptedAt, now < last + OIDCProvider.coolDownMilliseconds {
        return false
      }
      if state.endpoints != nil, now < state.fetchedAt + OIDCProvider.refreshMilliseconds {
        return false
      }
      state.isUnderWay = true
      state.attemptedAt = now
      return true
    }
  }

  func fetched(_ document: [UInt8], atMilliseconds now: UInt64) -> String? {
    let found = OIDCProvider.read(document, issuer)
    state.withLock { state in
      state.isUnderWay = false
      guard case .success(let endpoints) = found else { return }
      state.endpoints = endpoints
      state.fetchedAt = now
    }
    switch found {
    case .success(let endpoints):
      keys.moved(to: endpoints.keys)
      return nil
    case .failure(let flaw): return flaw.reason
    }
  }

  func failed() { state.withLock { $0.isUnderWay = false } }

  private struct Flaw: Error { let reason: String }

  private static func read(_ document: [UInt8], _ issuer: String) -> Result<Endpoints, Flaw> {
    guard let root = try? JSONIndex(document).root else {
      return .failure(Flaw(reason: "this is no JSON"))
    }
    // Discovery §4.3: it has to be the issuer that was asked for.
    guard root["issuer"]?.string == issuer else {
      return .failure(Flaw(reason: "the document is of another issuer"))
    }
    func endpoint(_ name: String) -> String? {
      root[name]?.string.flatMap { RemoteURL.isAllowed($0) ? $0 : nil }
    }
    guard let authorization = endpoint("authorization_endpoint"),
      let token = endpoint("token_endpoint"), let keys = endpoint("jwks_uri")
    else { return .failure(Flaw(reason: "an endpoint is missing, or is no https URL")) }
    return .success(
      Endpoints(
        authorization: authorization, token: token, endSession: endpoint("end_session_endpoint"),
        keys: keys,
        namesItself: root["authorization_response_iss_parameter_supported"]?.boolean ?? false))
  }
}
