import Base
import Blueprint
import Runtime
import TLS
import Telemetry

/// A listening socket of one loop.
final class Listener: Channel {
  unowned let worker: Worker
  /// What the running plan says of the address.
  var settings: PlanListener

  /// Opens a socket, unless there is one that another process has handed over.
  init(
    _ settings: PlanListener, worker: Worker, descriptor: Int32? = nil
  ) throws(SystemError) {
    self.settings = settings
    self.worker = worker
    let opened =
      if let descriptor { descriptor } else {
        try Socket.listen(settings.bind.address, port: settings.bind.port)
      }
    super.init(descriptor: opened)
  }

  override func ready(_ loop: EventLoop) { accept() }

  override func deadlinePassed(_ loop: EventLoop) { accept() }

  /// Takes the connections that wait; some at a time, so that those which are open get their turn.
  private func accept() {
    var budget = 64
    while isReadable, budget > 0 {
      budget -= 1
      do {
        guard let (descriptor, address) = try Socket.accept(descriptor) else {
          isReadable = false
          return
        }
        admit(descriptor, address)
      } catch {
        // Out of descriptors or memory: what is open goes on, and this is tried again soon.
        worker.metrics.connectionRefused(.system)
        ErrorLog.error("cannot accept connections on \(settings.bind): \(error)")
        return retrySoon()
      }
    }
    if isReadable { worker.later(self) }
  }

  private func retrySoon() {
    worker.loop.setDeadline(worker.loop.now.adding(milliseconds: 100), of: self)
  }

  private func admit(_ descriptor: Int32, _ address: IPAddress) {
    if settings.takesProxyHeader { return awaitHeader(descriptor, address) }
    if let cause = obstacle(descriptor, address) { return refuse(descriptor, address, cause) }
    guard let connection = connection(descriptor, address),
      (try? worker.loop.add(connection)) != nil
    else { return refuse(descriptor, address, .system) }
    worker.remember(connection)
    connection.begin()
  }

  /// Why the connection may not be.
  private func obstacle(_ descriptor: Int32, _ address: IPAddress) -> RefusedConnection? {
    if settings.admin == nil, let cause = worker.makeRoom(for: descriptor, address) { return cause }
    return settings.tls == nil || worker.maySecure(address, settings) ? nil : .handshakeRate
  }

  private func connection(_ descriptor: Int32, _ address: IPAddress) -> ClientConnection? {
    let connection = ClientConnection(
      descriptor: descriptor, worker: worker, listener: self, address: address)
    guard let context = settings.tls else { return connection }
    connection.tls = try? TLSSession(server: context)
    return connection.tls == nil ? nil : connection
  }

  // MARK: The PROXY protocol

  /// Nobody but a trusted hop may say whose a connection is.
  private func awaitHeader(_ descriptor: Int32, _ address: IPAddress) {
    guard settings.trustedHops.contains(where: { $0.contains(address) }) else {
      return refuse(descriptor, address, .proxyHeader)
    }
    // Those that wait for a header count nowhere yet: they may not have the last descriptors.
    guard worker.mayKeep(descriptor) else { return refuse(descriptor, address, .descriptors) }
    let channel = ProxyHeaderChannel(descriptor: descriptor, listener: self, peer: address)
    guard (try? worker.loop.add(channel)) != nil else {
      return refuse(descriptor, address, .system)
    }
    worker.awaitedHeaders += 1
    let milliseconds = worker.plan.limits.headerTimeoutMilliseconds
    worker.loop.setDeadline(worker.loop.now.adding(milliseconds: milliseconds), of: channel)
  }

  /// Goes on with a connection whose header was read.
  func admit(_ channel: ProxyHeaderChannel, _ address: IPAddress) {
    worker.awaitedHeaders -= 1
    let isTooLate = worker.isDraining && !worker.isLeaving
    let cause = isTooLate ? .limit : obstacle(channel.descriptor, address)
    guard cause == nil, let connection = connection(-1, address),
      (try? worker.loop.move(channel, to: connection)) != nil
    else {
      worker.loop.close(channel)
      return turnAway(address, cause ?? .system)
    }
    worker.remember(connection)
    connection.begin()
    worker.later(connection)
  }

  private func refuse(_ descriptor: Int32, _ address: IPAddress, _ cause: RefusedConnection) {
    Socket.close(descriptor)
    turnAway(address, cause)
  }

  private func turnAway(_ address: IPAddress, _ cause: RefusedConnection) {
    worker.refused(address, cause)
    ErrorLog.warning("connections refused on \(settings.bind): \(cause.reason)")
  }
}
