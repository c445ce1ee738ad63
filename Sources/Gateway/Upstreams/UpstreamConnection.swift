import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import TLS
import Telemetry
import Wire

/// A connection to an upstream: HTTP/1.1 as a client, one exchange at a time.
///
/// Where the service speaks HTTP/2, `UpstreamStreams` has the exchanges, and this is their socket.
final class UpstreamConnection: StreamChannel {
  private enum Phase { case connecting, handshake, idle, exchange, streams }

  let pool: ServicePool
  let target: Int
  /// The target's name in `Host`, and the number by which it is counted: kept where no counting of
  /// references is needed to read them.
  let authority: [UInt8]
  let metricNumber: Int
  private(set) var forwarding: Forwarding?
  /// The exchanges, if HTTP/2 is spoken.
  private(set) var streams: UpstreamStreams?
  /// The attempts to connect, while there are several.
  var race: AddressRace?
  /// What it begins with, where upstreams are told whose it is.
  var introduction: [UInt8] = []
  /// Whether an exchange was done on it before the present one.
  private(set) var isReused = false
  private var phase = Phase.connecting
  private var isResponseStarted = false

  init(descriptor: Int32, worker: Worker, pool: ServicePool, target: Int) {
    self.pool = pool
    self.target = target
    authority = pool.service.targets[target].authority
    metricNumber = pool.service.targets[target].metricNumber
    super.init(descriptor: descriptor, worker: worker)
    if pool.service.speaksHTTP2 { streams = UpstreamStreams(self) }
  }

  /// Whether it is not even connected.
  var isConnecting: Bool { phase == .connecting }

  /// Whether content may be sent yet.
  var isConnected: Bool { phase != .connecting && phase != .handshake }

  /// Takes on an exchange; the request's bytes are written by the caller.
  func begin(_ forwarding: Forwarding) {
    self.forwarding = forwarding
    isResponseStarted = false
    if phase == .idle {
      isReused = true
      phase = .exchange
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
    if phase == .streams { streams?.upstreamReady() }
    receive()
    if phase == .streams, descriptor >= 0 {
      flush()
      if isBroken { fail() }
    }
  }

  private func connected() {
    if let race, !race.isOwnRunning { return }
    if Socket.error(descriptor) != 0 {
      if let race, race.ownFailed() { return }
      return fault(.unreachable)
    }
    guard isWritable else { return }
    race?.ownSucceeded()
    raceWon()
  }

  /// Another address was too slow, or failed; this descriptor is connected.
  func raceWon() {
    race = nil
    if !introduction.isEmpty, !sendIntroduction() { return fault(.unreachable) }
    let secured = pool.service.targets[target].isSecure
    if secured, let context = pool.service.tls {
      phase = .handshake
      guard
        let session = try? TLSSession(
          client: context, serverName: pool.service.targets[target].serverName)
      else { return fault(.notSecured) }
      startTLS(session)
      return
    }
    established()
  }

  /// No address is left.
  func raceLost() { fault(.unreachable) }

  override func handshakeCompleted() {
    if streams != nil, tls?.applicationProtocol != "h2" {
      failure = "HTTP/2 was not agreed on"
      return handshakeFailed()
    }
    established()
  }

  private func established() {
    if let streams {
      phase = .streams
      streams.start()
      flush()
      return isBroken ? fail() : ()
    }
    phase = forwarding == nil ? .idle : .exchange
    forwarding?.upstreamConnected()
    flush()
    if isBroken { return fail() }
    forwarding?.upstreamWritable()
  }

  override func deadlinePassed(_ loop: EventLoop) {
    if phase == .connecting, let race, race.delayPassed() { return }
    if let streams { return streams.deadlinePassed() }
    if phase == .exchange, !hasOutput, let forwarding, forwarding.clientHoldsUp(self) { return }
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
        if !advanceHandshake() { return }
      case .streams:
        if streams?.step() != true { return }
      case .exchange:
        if inputCount == 0, !readMore() { return }
        if phase == .exchange, !receiveExchange() { return }
      }
    }
  }

  private func advanceHandshake() -> Bool {
    switch fill() {
    case .some: return true
    case .none: return false
    case .end, .failed:
      fail()
      return false
    }
  }

  private func fail() {
    if phase == .connecting { return fault(.unreachable) }
    if phase == .handshake { return handshakeFailed() }
    fault(isReused && !isResponseStarted ? .closedStale : .cut)
  }

  /// What exactly is wrong, such as a certificate that has expired, is for the operator to mend.
  private func handshakeFailed() {
    let label = pool.service.targets[target].label(pool.service.name)
    let reason: StaticString = failure.utf8CodeUnitCount == 0 ? "it was cut off" : failure
    ErrorLog.warning("\(label): TLS failed: \(reason)")
    fault(.notSecured)
  }

  /// Reads and passes on what is there; false when it has to wait or is done.
  private func receiveExchange() -> Bool {
    guard let forwarding else {
      shut()
      return false
    }
    isResponseStarted = true
    switch read({ forwarding.receiveResponse(&$0, self) }) {
    case .needMore: return readMore()
    case .blocked, .over: return false
    case .finished: finish()
    case .refused: refused()
    case .fault(let found): fault(found)
    }
    return false
  }

  private func spliceMore(_ forwarding: Forwarding, _ transfer: SpliceTransfer) {
    switch forwarding.splice(transfer, from: self) {
    case .done: finish()
    case .sourceEmpty: forwarding.upstreamPaused()
    case .sourceEnded: fail()
    case .sinkFull, .sinkFailed, .yield: break
    }
  }

  private func readMore() -> Bool {
    if let forwarding, let transfer = forwarding.download {
      spliceMore(forwarding, transfer)
      return false
    }
    if let stream = forwarding?.stream { inputBytes = stream.appetite }
    switch fill() {
    case .some: return true
    case .none: forwarding?.upstreamPaused()
    case .end where isEndOfResponse:
      forwarding?.upstreamClosed()
      finish()
    case .end, .failed: fail()
    }
    return false
  }

  /// Whether the end of the connection ends the response, and not another's cut.
  private var isEndOfResponse: Bool {
    guard let forwarding, forwarding.isHeadRead else { return false }
    return forwarding.upstreamFraming == .untilClose && tlsEndIsClean
  }

  /// By TLS, an end without `close_notify` may be a cut made by somebody else.
  private var tlsEndIsClean: Bool { tls?.receivedEOF() == nil }

  private func finish() {
    var ended: Forwarding?
    swap(&ended, &self.forwarding)
    guard let forwarding = ended.take() else { return shut() }
    let canKeep =
      forwarding.upstreamKeepsAlive && forwarding.isRequestSent && inputCount == 0 && !hasOutput
      && !isEnded && !isHungUp && forwarding.upstreamFraming != .untilClose
    releaseInput()
    inputBytes = BlockPool.blockBytes
    phase = .idle
    pool.ended(target)
    if canKeep, worker.isCurrent(pool), pool.keep(self, target) {
      loop.setDeadline(
        loop.now.adding(milliseconds: pool.service.keepAlive.idleTimeoutMilliseconds),
        of: self)
    } else {
      close()
    }
    forwarding.upstreamFinished()
  }

  /// Lets go of an exchange that is over for another reason, and closes.
  func abandon() {
    if forwarding != nil { pool.ended(target) }
    forwarding = nil
    close()
  }

  /// The response is not wanted any more.
  private func refused() {
    guard let forwarding else { return shut() }
    self.forwarding = nil
    pool.ended(target)
    close()
    forwarding.upstreamFinished()
  }

  /// The connection, and what is under way on it, has failed.
  func fault(_ fault: UpstreamFault) {
    if let streams {
      pool.dropShared(self, target)
      close()
      return streams.loseAll(fault)
    }
    guard let forwarding else { return shut() }
    self.forwarding = nil
    pool.ended(target)
    close()
    if fault != .closedStale { pool.failed(target, fault, worker) }
    forwarding.upstreamFailed(fault)
  }

  /// Closes an idle connection.
  func shut() {
    pool.drop(self, target)
    close()
  }

  /// Says goodbye to an upstream with which nothing is under way.
  func leave() {
    if descriptor < 0 { return }
    pool.dropShared(self, target)
    if phase == .streams {
      streams?.sayGoodbye()
      flush()
    }
    close()
  }

  private func close() {
    if descriptor < 0 { return }
    race?.cancel()
    race = nil
    closeTLS()
    releaseAll()
    loop.close(self)
  }
}
