import Base
import Runtime
import TLS

/// The thread of a client: its connections, and the exchanges that wait for an address.
final class ClientLoop {
  let loop: EventLoop
  private let configuration: ClientConfiguration
  private let mailbox: Mailbox<ClientMessage>
  private let resolver: Resolver
  private var tls: TLSClientContext?
  private var waiting: [Int: ClientExchange] = [:]
  private var nextNumber = 0
  private var idle: [ClientOrigin: [ClientConnection]] = [:]
  private var open: [ObjectIdentifier: ClientConnection] = [:]
  private var counts: [ClientOrigin: Int] = [:]
  private var queues: [ClientOrigin: [ClientExchange]] = [:]

  init(_ configuration: ClientConfiguration, mailbox: Mailbox<ClientMessage>) throws {
    self.configuration = configuration
    self.mailbox = mailbox
    loop = try EventLoop()
    resolver = try Resolver()
    tls = configuration.tls
    try loop.add(ClientWakeup(descriptor: mailbox.descriptor, owner: self))
  }

  func run() { loop.run() }

  func takeMessages() {
    for message in mailbox.take() {
      switch message {
      case .send(let request, let continuation): start(ClientExchange(request, continuation))
      case .resolved(let number, let outcome): resolved(number, outcome)
      case .close: close()
      }
    }
  }

  /// Puts an exchange on a connection that waits, or asks for the addresses of its host.
  private func start(_ exchange: ClientExchange) {
    let origin = exchange.request.origin
    while !exchange.isRetry, let connection = idle[origin]?.popLast() {
      if connection.descriptor < 0 { continue }
      connection.begin(exchange)
      return
    }
    guard counts[origin, default: 0] < exchange.request.limits.connectionsMax else {
      queues[origin, default: []].append(exchange)
      return
    }
    counts[origin, default: 0] += 1
    if let literal = origin.host.literal { return connect(exchange, to: [literal]) }
    nextNumber += 1
    let (number, mailbox) = (nextNumber, mailbox)
    waiting[number] = exchange
    do throws(ResolverError) {
      try resolver.resolve(origin.host) { mailbox.post(.resolved(number: number, $0)) }
    } catch {
      waiting[number] = nil
      giveUp(exchange, .unresolved("\(error)"))
    }
  }

  private func resolved(_ number: Int, _ outcome: Result<ResolverAnswer, ResolverError>) {
    guard let exchange = waiting.removeValue(forKey: number) else { return }
    switch outcome {
    case .success(let answer): connect(exchange, to: answer.addresses)
    case .failure(let error): giveUp(exchange, .unresolved("\(error)"))
    }
  }

  /// Connects to the first address that answers, of those that are allowed.
  private func connect(_ exchange: ClientExchange, to addresses: [IPAddress]) {
    let allowed = addresses.filter { configuration.egress.allows($0) }
    guard !allowed.isEmpty else {
      return giveUp(exchange, .forbiddenAddress(exchange.request.origin.host.text))
    }
    next(exchange, allowed[...])
  }

  /// Tries the next address; the others wait for its failure.
  func next(_ exchange: ClientExchange, _ addresses: ArraySlice<IPAddress>) {
    var rest = addresses
    var reason = "no address left"
    while let address = rest.popFirst() {
      do throws(SystemError) {
        let descriptor = try Socket.connect(address, port: exchange.request.origin.port)
        let connection = ClientConnection(descriptor: descriptor, exchange, rest, owner: self)
        do throws(SystemError) { try loop.add(connection) } catch {
          Socket.close(descriptor)
          throw error
        }
        open[ObjectIdentifier(connection)] = connection
        loop.setDeadline(exchange.deadline, of: connection)
        return
      } catch { reason = "\(error)" }
    }
    giveUp(exchange, .unreachable(reason))
  }

  /// Fails an exchange that has no connection, and lets the next one try.
  private func giveUp(_ exchange: ClientExchange, _ error: ClientError) {
    exchange.fail(error)
    leave(exchange.request.origin)
  }

  /// Gives a connection's place to an exchange that waits for one.
  private func leave(_ origin: ClientOrigin) {
    counts[origin, default: 1] -= 1
    if counts[origin] == 0 { counts[origin] = nil }
    startQueued(origin)
  }

  private func startQueued(_ origin: ClientOrigin) {
    guard let exchange = queues[origin]?.first else { return }
    queues[origin]?.removeFirst()
    if queues[origin]?.isEmpty == true { queues[origin] = nil }
    start(exchange)
  }

  /// The settings of TLS; those of the system are read when they are first needed.
  func secure() -> TLSClientContext? {
    if let tls { return tls }
    guard let trust = try? TrustStore() else { return nil }
    tls = try? TLSClientContext(TLSClientSettings(verification: .full(trust)))
    return tls
  }

  /// Keeps a connection for the next exchange; false if there are enough.
  func keep(_ connection: ClientConnection, for exchange: ClientExchange) -> Bool {
    let limits = exchange.request.limits
    guard idle[connection.origin, default: []].count < limits.idleConnectionsMax else {
      return false
    }
    idle[connection.origin, default: []].append(connection)
    loop.setDeadline(loop.now.adding(milliseconds: limits.idleMilliseconds), of: connection)
    startQueued(connection.origin)
    return true
  }

  /// Forgets a closed connection; its place is given up unless another address is tried next.
  func forget(_ connection: ClientConnection, keepingPlace: Bool) {
    open[ObjectIdentifier(connection)] = nil
    idle[connection.origin]?.removeAll { $0 === connection }
    if !keepingPlace { leave(connection.origin) }
  }

  /// Sends a request once more that a stale connection swallowed.
  func restart(_ exchange: ClientExchange) { start(exchange.again()) }

  private func close() {
    for exchange in waiting.values { exchange.fail(.closed) }
    waiting = [:]
    for exchange in queues.values.joined() { exchange.fail(.closed) }
    queues = [:]
    for connection in open.values { connection.abandon() }
    open = [:]
    idle = [:]
    loop.isStopped = true
  }
}
