import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import TLS
import Wire

/// A connection to an upstream: HTTP/1.1 as a client, one exchange at a time.
final class UpstreamConnection: StreamChannel {
  private enum Phase { case connecting, handshake, idle, head, body }

  let pool: ServicePool
  let target: Int
  private(set) var forwarding: Forwarding?
  /// Whether an exchange was done on it before the present one.
  private(set) var isReused = false
  private var phase = Phase.connecting
  private var parser: ResponseParser
  private var decoder: BodyDecoder
  private var isResponseStarted = false
  private var interimCount = 0

  init(descriptor: Int32, worker: Worker, pool: ServicePool, target: Int) {
    self.pool = pool
    self.target = target
    parser = ResponseParser(limits: worker.plan.limits)
    decoder = BodyDecoder(limits: worker.plan.limits, isRequest: false)
    super.init(descriptor: descriptor, worker: worker)
  }

  /// Whether content may be sent yet.
  var isConnected: Bool { phase != .connecting && phase != .handshake }

  /// Takes on an exchange; the request's bytes are appended to `output` by the caller.
  func begin(_ forwarding: Forwarding) {
    self.forwarding = forwarding
    isResponseStarted = false
    interimCount = 0
    parser.reset()
    if phase == .idle {
      isReused = true
      phase = .head
    }
  }

  /// Sends what waits; once connected.
  func push() {
    if isConnected { flush() }
    if isBroken { fail() }
  }

  // MARK: Events

  override func ready(_ loop: EventLoop) {
    if phase == .connecting, isWritable || isHungUp { connected() }
    if phase == .connecting || descriptor < 0 { return }
    if isWritable, phase != .handshake {
      if hasOutput { flush() }
      if !hasOutput { forwarding?.upstreamWritable() }
    }
    receive()
  }

  private func connected() {
    if Socket.error(descriptor) != 0 { return fault(.unreachable) }
    guard isWritable else { return }
    let secured = pool.service.targets[target].isSecure
    if secured, let context = pool.service.tls {
      phase = .handshake
      guard
        let session = try? TLSSession(
          client: context, serverName: pool.service.targets[target].serverName)
      else { return fault(.unreachable) }
      startTLS(session)
      return
    }
    established()
  }

  override func handshakeCompleted() { established() }

  private func established() {
    phase = forwarding == nil ? .idle : .head
    forwarding?.upstreamConnected()
    flush()
    if isBroken { return fail() }
    forwarding?.upstreamWritable()
  }

  override func deadlinePassed(_ loop: EventLoop) {
    if phase == .idle { shut() } else { fault(phase == .connecting ? .unreachable : .timedOut) }
  }

  /// Reads and passes on what the upstream says, as far as the client takes it.
  func receive() {
    while descriptor >= 0 {
      switch phase {
      case .connecting: return
      case .idle:
        // An idle upstream has nothing to say: whatever comes ends the connection.
        if isReadable || isHungUp { shut() }
        return
      case .handshake:
        if !advance(fill()) { return }
      case .head:
        if input.isEmpty, !advance(fill()) { return }
        if phase == .head, !readHead() { return }
      case .body:
        if !pumpBody() { return }
      }
    }
  }

  /// Whether to go on after a read; an end where none belongs is a fault.
  private func advance(_ outcome: Fill) -> Bool {
    switch outcome {
    case .some: return true
    case .none: return false
    case .end, .failed:
      fail()
      return false
    }
  }

  private func fail() {
    if phase == .connecting || phase == .handshake { return fault(.unreachable) }
    fault(isReused && !isResponseStarted ? .closedStale : .cut)
  }

  private func readHead() -> Bool {
    guard let forwarding else {
      shut()
      return false
    }
    if !input.isEmpty { isResponseStarted = true }
    let method = forwarding.exchange.request.method
    switch parser.parse(&input, into: &forwarding.exchange.response, method: method) {
    case .incomplete:
      return advance(fill())
    case .refused:
      fault(.garbage)
      return false
    case .complete:
      if forwarding.exchange.response.isInterim {
        interimCount += 1
        if interimCount > worker.plan.limits.interimResponseCountMax {
          fault(.garbage)
          return false
        }
        forwarding.exchange.response.clear()
        parser.reset()
        return true
      }
      phase = .body
      decoder.begin(forwarding.exchange.response.framing)
      forwarding.upstreamResponded()
      return true
    }
  }

  /// Passes content on; false when it has to wait or is done.
  private func pumpBody() -> Bool {
    var buffer = ByteBuffer()
    swap(&buffer, &input)
    var blocked = false
    var piece = decoder.next(&buffer)
    while case .content(let count) = piece, let forwarding {
      let taken = forwarding.deliver(buffer.readable.extracting(first: count))
      if taken > 0 { decoder.took(taken, from: &buffer) }
      if taken < count {
        blocked = true
        break
      }
      piece = decoder.next(&buffer)
    }
    swap(&buffer, &input)
    if blocked || forwarding == nil { return false }
    switch piece {
    case .content: return false
    case .refused:
      fault(.garbage)
      return false
    case .end:
      finish()
      return false
    case .needMore:
      return needMore()
    }
  }

  private func needMore() -> Bool {
    switch fill() {
    case .some: return true
    case .none:
      forwarding?.upstreamPaused()
      return false
    case .end where forwarding?.exchange.response.framing == .untilClose && tlsEndIsClean:
      finish()
      return false
    case .end, .failed:
      fault(.cut)
      return false
    }
  }

  /// By TLS, an end without `close_notify` may be a cut made by somebody else.
  private var tlsEndIsClean: Bool { tls?.receivedEOF() == nil }

  private func finish() {
    guard let forwarding else { return shut() }
    self.forwarding = nil
    let canKeep =
      parser.keepsAlive && forwarding.isRequestSent && input.isEmpty && !hasOutput && !isEnded
      && !isHungUp && forwarding.exchange.response.framing != .untilClose
    releaseInput()
    phase = .idle
    pool.loads[target] -= 1
    if canKeep, worker.isCurrent(pool), pool.keep(self, target) {
      worker.loop.setDeadline(
        worker.loop.now.adding(milliseconds: pool.service.keepAlive.idleTimeoutMilliseconds),
        of: self)
    } else {
      close()
    }
    forwarding.upstreamFinished(trailers: decoder.trailers)
  }

  /// Lets go of an exchange that is over for another reason, and closes.
  func abandon() {
    if forwarding != nil { pool.loads[target] -= 1 }
    forwarding = nil
    close()
  }

  private func fault(_ fault: UpstreamFault) {
    guard let forwarding else { return shut() }
    self.forwarding = nil
    pool.loads[target] -= 1
    close()
    if fault != .closedStale { pool.failed(target, now: worker.loop.now) }
    forwarding.upstreamFailed(fault)
  }

  /// Closes an idle connection.
  func shut() {
    pool.drop(self, target)
    close()
  }

  private func close() {
    if descriptor < 0 { return }
    closeTLS()
    releaseAll()
    worker.loop.close(self)
  }
}
