/// Why a request has no response.
package enum ClientError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The request cannot be sent as it is, and why: nothing was sent.
  case badRequest(String)
  /// The name of the host has no address, and why.
  case unresolved(String)
  /// All addresses of the host are ones that the client may not connect to.
  case forbiddenAddress(String)
  /// No address of the host accepted a connection, and why.
  case unreachable(String)
  /// TLS failed, and why.
  case insecure(String)
  /// The server took too long; `phase` says in what.
  case timedOut(ClientPhase)
  /// The connection ended before the response did.
  case cut
  /// The response breaks HTTP/1.1, and how.
  case malformed(String)
  /// The response's content has more bytes than allowed.
  case tooLarge(bytesMax: Int)
  /// The client was closed.
  case closed

  package var description: String {
    switch self {
    case .badRequest(let reason): "the request cannot be sent: \(reason)"
    case .unresolved(let reason): "the host has no address: \(reason)"
    case .forbiddenAddress(let host): "\(host) has only addresses that are not allowed"
    case .unreachable(let reason): "no connection: \(reason)"
    case .insecure(let reason): "TLS failed: \(reason)"
    case .timedOut(let phase): "took too long to \(phase.rawValue)"
    case .cut: "the connection ended before the response did"
    case .malformed(let reason): "the response is malformed: \(reason)"
    case .tooLarge(let bytesMax): "the response has more than \(bytesMax) bytes"
    case .closed: "the client is closed"
    }
  }
}
