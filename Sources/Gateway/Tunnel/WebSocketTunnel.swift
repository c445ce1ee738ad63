import Base
import HTTP
import Wire

/// A WebSocket on its way through the gateway: what is known of both directions.
final class WebSocketTunnel {
  let limits: WebSocketLimits
  var fromClient: WebSocketReader
  var fromUpstream: WebSocketReader
  /// Bytes at the front of each side's input that were looked at and not yet passed on.
  var clientPassed = 0
  var upstreamPassed = 0

  init(_ limits: WebSocketLimits) {
    self.limits = limits
    fromClient = WebSocketReader(limits: limits, isFromClient: true)
    fromUpstream = WebSocketReader(limits: limits, isFromClient: false)
  }
}
