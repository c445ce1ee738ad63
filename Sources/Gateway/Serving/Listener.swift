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

  init(_ settings: PlanListener, worker: Worker) throws(SystemError) {
    self.settings = settings
    self.worker = worker
    super.init(
      descriptor: try Socket.listen(settings.bind.address, port: settings.bind.port))
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
    if settings.admin == nil, let cause = worker.makeRoom(for: descriptor, address) {
      return refuse(descriptor, address, cause)
    }
    if settings.tls != nil, !worker.maySecure(address, settings) {
      return refuse(descriptor, address, .handshakeRate)
    }
    let connection = ClientConnection(
      descriptor: descriptor, worker: worker, listener: self, address: address)
    if let context = settings.tls {
      guard let session = try? TLSSession(server: context) else {
        return refuse(descriptor, address, .system)
      }
      connection.tls = session
    }
    guard (try? worker.loop.add(connection)) != nil else {
      return refuse(descriptor, address, .system)
    }
    worker.remember(connection)
    connection.begin()
  }

  private func refuse(_ descriptor: Int32, _ address: IPAddress, _ cause: RefusedConnection) {
    Socket.close(descriptor)
    worker.refused(address, cause)
    ErrorLog.warning("connections refused on \(settings.bind): \(cause.reason)")
  }
}
