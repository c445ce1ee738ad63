import Base
import Runtime
import TLS
import Wire

/// A connection to the store of shared counts: passes its replies on, in their order.
final class CounterConnection: StreamChannel {
  private enum Phase { case connecting, handshake, open }

  private weak var counters: SharedCounters?
  private let context: TLSClientContext?
  private let serverName: String
  private var phase = Phase.connecting

  init(descriptor: Int32, worker: Worker, counters: SharedCounters) {
    self.counters = counters
    context = counters.plan.tls
    serverName = counters.plan.target.serverName
    super.init(descriptor: descriptor, worker: worker)
  }

  override func ready(_ loop: EventLoop) {
    if phase == .connecting, isWritable || isHungUp { connected() }
    if phase == .connecting || descriptor < 0 { return }
    if phase == .open, isWritable, hasOutput { push() }
    receive()
  }

  private func connected() {
    if Socket.error(descriptor) != 0 { return lost("it cannot be connected to") }
    guard isWritable else { return }
    guard let context else { return opened() }
    phase = .handshake
    guard let session = try? TLSSession(client: context, serverName: serverName) else {
      return lost("TLS cannot begin")
    }
    startTLS(session)
    if isBroken { lost("TLS failed: \(failure)") }
  }

  override func handshakeCompleted() { opened() }

  private func opened() {
    phase = .open
    counters?.connected(self)
  }

  /// Sends what waits.
  func push() {
    flush()
    if isBroken { lost("the connection broke") }
  }

  private func receive() {
    while descriptor >= 0 {
      switch fill() {
      case .some: if phase == .open { parse() }
      case .none: return
      case .end: return lost("it closed the connection")
      case .failed:
        return lost(
          failure.utf8CodeUnitCount > 0 ? "TLS failed: \(failure)" : "the connection broke")
      }
    }
  }

  private func parse() {
    while descriptor >= 0 {
      switch read({ RESPReader.next(&$0) }) {
      case .reply(let reply): counters?.received(reply, self)
      case .incomplete: return
      case .refused(let reason): return lost("its reply makes no sense: \(reason)")
      }
    }
  }

  private func lost(_ reason: String) {
    guard descriptor >= 0 else { return }
    shut()
    counters?.lost(self, reason)
  }

  /// Closes the connection.
  func shut() {
    if descriptor < 0 { return }
    closeTLS()
    releaseAll()
    loop.close(self)
  }
}
