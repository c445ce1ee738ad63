import Base
import HTTP
import PolicyKit

/// Clients of a listener that serves nobody in clear text are sent to TLS.
extension Forwarding {
  /// Sends the client to the same target by TLS (RFC 9110 §15.4.9), unless it has shown by now
  /// what must not be shown in clear text: that it hears, instead of doing so each time (TLS-13).
  ///
  /// The host is the request's own only if a route names it, so that `Host` sends nobody anywhere.
  func redirect(_ turn: inout Turn, _ client: ClientConnection) {
    guard let target = client.listener.settings.redirect else { return }
    let isRead = turn.exchange.request.method == .get || turn.exchange.request.method == .head
    let isAsterisk = turn.exchange.request.fields[turn.exchange.request.path][0] != 0x2F
    if !isRead || isAsterisk || turn.exchange.request.fields.value(.authorization) != nil {
      return refuse(&turn, .tlsRequired, "the listener sends clients to TLS", closes: true)
    }
    var location = ByteBuffer()
    swap(&location, &worker.scratch)
    location.clear()
    location.append("https://")
    if plan.router.namesHost(of: turn.exchange.request) {
      location.append(turn.exchange.request.fields[turn.exchange.request.host])
    } else {
      location.append(target.host.span)
    }
    location.append(target.port.span)
    location.append(turn.exchange.request.fields[turn.exchange.request.path])
    if turn.exchange.request.hasQuery {
      location.append("?")
      location.append(turn.exchange.request.fields[turn.exchange.request.query])
    }
    turn.exchange.replyFields.append(name: "location", value: location.readable)
    swap(&location, &worker.scratch)
    answer(&turn, 308)
  }
}
