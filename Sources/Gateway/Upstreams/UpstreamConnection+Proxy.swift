import Base
import PolicyKit
import Runtime
import Wire

/// Upstreams that are told by the PROXY protocol whose a connection is.
extension UpstreamConnection {
  /// What the connection begins with for this exchange. It is the client's alone from then on.
  func introduce(_ exchange: borrowing Exchange, _ client: ClientConnection) {
    guard let version = pool.service.proxyHeader else { return }
    let peer = Socket.end(client.descriptor, isPeer: true)
    let own = Socket.end(client.descriptor, isPeer: false)
    // Behind trusted hops the port is that of the hop, and nobody knows the client's.
    let port = peer?.address == exchange.client ? peer?.port ?? 0 : 0
    introduction = ProxyHeader.write(
      version, from: .init(exchange.client, port: port),
      to: .init(own?.address ?? .unspecified, port: own?.port ?? 0))
  }

  /// Sends it, before anything else and in clear text; a connection that is new has room for it.
  func sendIntroduction() -> Bool {
    let introduction = self.introduction
    if introduction.isEmpty { return true }
    return Socket.write(descriptor, introduction.span) == .bytes(introduction.count)
  }
}
