import Base
import Crypto
import Runtime
import TLS

/// The thread of an intercepting proxy: its connections, and the certificates that it has made.
final class InterceptLoop {
  private static let connectionsMax = 256
  private static let namesMax = 1_000

  let loop: EventLoop
  let mailbox: Mailbox<InterceptReply>
  let exchange: InterceptProxy.Exchange
  let bodyBytesMax: Int
  private let authority: DevelopmentAuthority
  private let nowUnixSeconds: @Sendable () -> Int64
  private var connections: [Int: InterceptConnection] = [:]
  private var contexts: [String: TLSServerContext] = [:]
  private var nextNumber = 0

  init(
    _ descriptor: Int32, _ mailbox: Mailbox<InterceptReply>, _ authority: DevelopmentAuthority,
    bodyBytesMax: Int, nowUnixSeconds: @escaping @Sendable () -> Int64,
    _ exchange: @escaping InterceptProxy.Exchange
  ) throws {
    loop = try EventLoop()
    self.mailbox = mailbox
    self.authority = authority
    self.bodyBytesMax = bodyBytesMax
    self.nowUnixSeconds = nowUnixSeconds
    self.exchange = exchange
    try loop.add(InterceptListener(descriptor: descriptor, owner: self))
    try loop.add(InterceptWakeup(mailbox, owner: self))
  }

  func take(_ descriptor: Int32) {
    guard connections.count < InterceptLoop.connectionsMax else { return Socket.close(descriptor) }
    nextNumber += 1
    let connection = InterceptConnection(descriptor: descriptor, number: nextNumber, owner: self)
    guard (try? loop.add(connection)) != nil else { return Socket.close(descriptor) }
    connections[nextNumber] = connection
    connection.rest()
  }

  func takeReplies() {
    for reply in mailbox.take() {
      if reply.number == 0 {
        loop.isStopped = true
      } else {
        connections[reply.number]?.reply(reply.bytes)
      }
    }
  }

  func close(_ connection: InterceptConnection) {
    connections[connection.number] = nil
    loop.close(connection)
  }

  /// A server's side of TLS for a name, with a certificate that the authority signs for it.
  func context(for name: String) -> TLSServerContext? {
    if let known = contexts[name] { return known }
    guard contexts.count < InterceptLoop.namesMax,
      let key = try? authority.issue(names: [name], days: 30, nowUnixSeconds: nowUnixSeconds()),
      let context = try? TLSServerContext(TLSServerSettings(certificates: [key]))
    else { return nil }
    contexts[name] = context
    return context
  }
}

/// The socket that the proxy listens on.
private final class InterceptListener: Channel {
  private unowned let owner: InterceptLoop

  init(descriptor: Int32, owner: InterceptLoop) {
    self.owner = owner
    super.init(descriptor: descriptor)
  }

  override func ready(_ loop: EventLoop) {
    while let (accepted, _) = try? Socket.accept(descriptor) { owner.take(accepted) }
  }
}

/// Brings answers to the loop.
private final class InterceptWakeup: Channel {
  private unowned let owner: InterceptLoop

  init(_ mailbox: Mailbox<InterceptReply>, owner: InterceptLoop) {
    self.owner = owner
    super.init(descriptor: mailbox.descriptor)
  }

  override func ready(_ loop: EventLoop) { owner.takeReplies() }
}
