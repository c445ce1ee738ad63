import Base
package import Crypto
package import Runtime

/// A proxy on loopback that sees what goes through it, TLS too: for whoever believes its authority,
/// it is every host.
package final class InterceptProxy: Sendable {
  /// What an exchange came to.
  package typealias Outcome = Result<ClientResponse, ClientError>
  /// What gets the answer to a request, and hands it over once it is there; called on the proxy's
  /// thread, which must not wait.
  package typealias Exchange =
    @Sendable (InterceptedRequest, _ answer: @escaping @Sendable (Outcome) -> Void) -> Void

  /// The port of 127.0.0.1 that it listens on.
  package let port: UInt16
  private let mailbox: Mailbox<InterceptReply>

  /// A proxy whose thread has begun; port 0 is any that is free.
  package init(
    port: UInt16, authority: DevelopmentAuthority, bodyBytesMax: Int = 16 * 1024 * 1024,
    nowUnixSeconds: @escaping @Sendable () -> Int64, _ exchange: @escaping Exchange
  ) throws(SystemError) {
    let descriptor = try Socket.listen(IPAddress(v4: 0x7F00_0001), port: port)
    let mailbox = try Mailbox<InterceptReply>()
    self.mailbox = mailbox
    self.port = Socket.port(descriptor) ?? port
    try Thread.start(named: "intercept") {
      guard
        let proxy = try? InterceptLoop(
          descriptor, mailbox, authority, bodyBytesMax: bodyBytesMax,
          nowUnixSeconds: nowUnixSeconds, exchange)
      else { return Socket.close(descriptor) }
      proxy.loop.run()
    }
  }

  deinit { mailbox.post(InterceptReply(number: 0, bytes: [])) }
}
