import Base
import Crypto
import HTTP
import JOSE
import PolicyKit

/// Holds a request against the key that its token is bound to.
struct TokenProof: Sendable {
  /// Which bindings a token must have, beyond those it asks for itself.
  enum Demand: String, CaseIterable, Sendable { case none, any, certificate, dpop }

  private static let field: StaticString = "dpop"

  let demand: Demand
  let reader: ProofReader
  let replays: ReplayCache
  /// The origin that clients know, if it is another than requests show.
  let origin: String?

  /// Throws unless the request shows what the token is bound to. `isProof` is whether it came under
  /// the scheme `DPoP`, which it must if and only if it is bound to a key (RFC 9449 §7).
  func check(
    _ binding: TokenBinding?, isProof: Bool, token: Digest256, _ exchange: inout Exchange
  ) throws(TokenRefusal) {
    switch demand {
    case .none: break
    case .any: if binding == nil { throw .binding }
    case .certificate: if binding?.certificate == nil { throw .binding }
    case .dpop: if binding?.thumbprint == nil { throw .binding }
    }
    guard (binding?.thumbprint != nil) == isProof else { throw .binding }
    guard let binding else { return }
    if let wanted = binding.certificate {
      guard let shown = exchange.peer?.fingerprint,
        let digest = Digest256(bytes: shown.span), digest == wanted
      else { throw .binding }
    }
    if let thumbprint = binding.thumbprint {
      try checkProof(binding, thumbprint, token, &exchange)
    }
  }

  private func checkProof(
    _ binding: TokenBinding, _ thumbprint: Digest256, _ token: Digest256,
    _ exchange: inout Exchange
  ) throws(TokenRefusal) {
    let name = Array("\(TokenProof.field)".utf8)
    guard exchange.request.fields.count(named: name.span) == 1,
      let place = exchange.request.fields.value(named: name.span)
    else { throw .proof }
    let finding = try reader.verify(
      exchange.request.fields[place], for: request(exchange, token), thumbprint: thumbprint,
      known: binding.knownKey, nowUnixMilliseconds: exchange.wallMilliseconds)
    binding.keep(finding.key)
    switch replays.note(finding.identifier, nowMilliseconds: exchange.start.nanoseconds / 1_000_000)
    {
    case .new: exchange.request.fields.remove(named: name.span)
    case .known: throw .replayed
    case .full: throw .tooMany
    }
  }

  /// The request as the client made it, before a prefix was taken away for the upstream.
  private func request(_ exchange: borrowing Exchange, _ token: Digest256) -> ProofRequest {
    let fields = exchange.request.fields
    let path = exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
    var origin = self.origin ?? ""
    if self.origin == nil {
      origin = (exchange.isSecure ? "https://" : "http://") + fields.text(exchange.request.host)
      let port = exchange.request.port
      if port != 0, port != (exchange.isSecure ? 443 : 80) { origin += ":\(port)" }
    }
    return ProofRequest(
      method: Array(fields.arena[exchange.request.methodText.range]), origin: origin,
      path: Array(fields.arena[path.range]), tokenDigest: token)
  }
}
