import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import TLS
import Telemetry
import Wire

/// A client's connection: HTTP/1.1 as a server, one exchange after another.
///
/// Where HTTP/2 was agreed on, or the client's first bytes are its preface, `ClientStreams` has the
/// exchanges, and this is their socket.
final class ClientConnection: StreamChannel {
  private enum Phase {
    case handshake, preface, idle, head, body, responding, streams, tunnel, closing, lingering
  }

  let address: IPAddress
  /// The address as text, for the field that tells the upstream.
  let addressText: [UInt8]
  let listener: Listener
  private(set) var forwarding: Forwarding?
  /// The exchanges, if HTTP/2 is spoken.
  private var streams: ClientStreams?
  private var phase: Phase
  private var isProcessing = false
  private var requestCount = 0
  private var lingeredBytes = 0
  /// When it was opened, its last exchange ended, or its next head began.
  private(set) var idleSince: Instant
  /// How many connections the loop had taken before it.
  private let number: UInt64
  private var bodyMark: UInt64 = 0
  /// Whether the client is watched because it does not take what there is.
  private var isAwaitingRoom = false
  /// How much it had taken when it was looked at last.
  private var sendMark: Int?

  init(descriptor: Int32, worker: Worker, listener: Listener, address: IPAddress) {
    self.address = address
    idleSince = worker.loop.now
    number = worker.takeNumber()
    self.listener = listener
    var text = ByteBuffer(capacity: 40)
    address.write(into: &text)
    addressText = Array(text.storage[..<text.writeIndex])
    phase =
      listener.settings.tls != nil
      ? .handshake : listener.settings.takesHTTP2 ? .preface : .idle
    super.init(descriptor: descriptor, worker: worker)
  }

  /// The certificate that was shown and verified, if one was; made once, for all requests.
  private(set) var peer: PeerCertificate?

  /// Whether the deadline of the handshake has passed.
  private(set) var hasTimedOut = false

  /// Whether it ends with what is under way.
  private(set) var isRetired = false

  /// Whether nothing is under way, so that a drain may close it at once.
  var isIdle: Bool { phase == .idle || phase == .preface }

  /// Whether HTTP/2 is spoken, and goes on.
  var isServingStreams: Bool { phase == .streams }

  /// Whether it waits for a request, or is slow to make one, and so may have to make room.
  var isWaiting: Bool {
    switch phase {
    case .idle, .preface: true
    case .streams: streams?.isIdle == true
    case .handshake, .head:
      loop.now.since(idleSince) > ClientConnection.slowNanoseconds
    default: false
    }
  }

  /// Whether it has waited longer; of those that came in one round, whether it came first.
  func isOlder(than other: ClientConnection) -> Bool {
    idleSince != other.idleSince ? idleSince < other.idleSince : number < other.number
  }

  /// What a head or a handshake takes at most where nobody means to be slow.
  private static let slowNanoseconds: UInt64 = 3_000_000_000

  /// Sets the first deadline; after the channel is on the loop.
  func begin() {
    let limits = worker.plan.limits
    let milliseconds =
      phase == .handshake
      ? limits.handshakeTimeoutMilliseconds : limits.headerTimeoutMilliseconds
    loop.setDeadline(loop.now.adding(milliseconds: milliseconds), of: self)
  }

  // MARK: Events

  override func ready(_ loop: EventLoop) {
    if isWritable {
      if hasOutput { flush() }
      if isBroken { return drop() }
      if !hasOutput { forwarding?.clientWritable() }
    }
    if phase == .streams { streams?.clientReady() }
    process()
  }

  override func handshakeCompleted() {
    peer = tls?.peer.map(PeerCertificate.init)
    worker.metrics.tlsHandshakeSucceeded()
    if tls?.applicationProtocol == "h2" { return beginStreams() }
    phase = .idle
    begin()
  }

  private func beginStreams() {
    phase = .streams
    streams = ClientStreams(self)
  }

  /// In clear text the client's first bytes say which version it speaks (RFC 9113 §3.3).
  private func readPreface() -> Bool {
    switch fill() {
    case .some: break
    case .none: return false
    case .end, .failed:
      close()
      return false
    }
    switch read({ HTTP2Connection.prefaceCount(of: $0.readable) }) {
    case nil: phase = .idle
    case HTTP2Connection.prefaceBytes: beginStreams()
    default: return true
    }
    return true
  }

  override func deadlinePassed(_ loop: EventLoop) {
    switch phase {
    case .handshake:
      hasTimedOut = true
      refuseHandshake()
    case .idle, .preface: close()
    case .streams: streams?.deadlinePassed()
    case .tunnel: forwarding?.endTunnel(1001, "nothing was said for too long", .none)
    case .head: forwarding?.refuse(.requestTimeout, "header section too slow", closes: true)
    case .body: bodyDeadlinePassed()
    case .responding: sendDeadlinePassed()
    case .closing, .lingering: close()
    }
  }

  private func bodyDeadlinePassed() {
    guard let forwarding else { return close() }
    let limits = worker.plan.limits
    let received = forwarding.bytesIn - bodyMark
    bodyMark = forwarding.bytesIn
    let wanted = UInt64(
      limits.bodyRateBytesPerSecondMin * limits.bodyRateGraceMilliseconds / 1000)
    if received < wanted, !forwarding.isBlockedOnUpstream {
      forwarding.refuse(.requestTimeout, "content too slow", closes: true)
    } else {
      armBody()
    }
  }

  /// The client does not take what there is: sees to it that it takes some from time to time.
  func awaitRoom() {
    if phase != .responding || isAwaitingRoom { return }
    isAwaitingRoom = true
    sendMark = nil
    armSend()
  }

  /// Half the time: the first half tells where the client stands, the second how fast it is.
  private func armSend() {
    let milliseconds = worker.plan.limits.sendTimeoutMilliseconds / 2
    loop.setDeadline(loop.now.adding(milliseconds: milliseconds), of: self)
  }

  private func sendDeadlinePassed() {
    guard hasOutput || forwarding?.isBlockedOnClient == true, let forwarding else {
      isAwaitingRoom = false
      return
    }
    // What the kernel still holds was not taken: it tells of room in great steps only.
    let taken = Int(clamping: forwarding.bytesOut) - Socket.unacknowledged(descriptor)
    let limits = worker.plan.limits
    let wanted = limits.bodyRateBytesPerSecondMin * limits.sendTimeoutMilliseconds / 2000
    if let mark = sendMark, taken - mark < max(1, wanted) { return drop() }
    sendMark = taken
    armSend()
  }

  private func armBody() {
    let grace = worker.plan.limits.bodyRateGraceMilliseconds
    loop.setDeadline(loop.now.adding(milliseconds: grace), of: self)
  }

  // MARK: Reading

  /// Goes on as far as it can with what is there.
  func process() {
    if isProcessing { return }
    isProcessing = true
    while descriptor >= 0, step() {}
    isProcessing = false
    if phase == .streams { flush() } else { forwarding?.push() }
    if isBroken { drop() }
  }

  private func step() -> Bool {
    switch phase {
    case .handshake: readHandshake()
    case .preface: readPreface()
    case .streams: streams?.step() ?? false
    case .tunnel: readTunnel()
    case .idle, .head: readHead()
    case .body: readBody()
    case .responding: false
    case .closing: finishClosing()
    case .lingering: linger()
    }
  }

  private func readHandshake() -> Bool {
    switch fill() {
    case .some: return true
    case .none: return phase != .handshake
    case .end, .failed:
      refuseHandshake()
      return false
    }
  }

  private func refuseHandshake() {
    worker.handshakeFailed(self)
    close()
  }

  private func readHead() -> Bool {
    if inputCount == 0 {
      switch fill() {
      case .some: break
      case .none:
        settle()
        return false
      case .end, .failed:
        endHead()
        return false
      }
    }
    let forwarding = self.forwarding ?? takeForwarding()
    switch read({ forwarding.receive(&$0, self) }) {
    case .incomplete: return awaitHead(forwarding)
    case .refused:
      phase = .responding
      forwarding.conclude()
      return descriptor >= 0
    case .complete(let hasBody):
      requestCount += 1
      phase = hasBody ? .body : .responding
      if hasBody {
        bodyMark = 0
        armBody()
      } else {
        loop.setDeadline(.distantFuture, of: self)
      }
      forwarding.conclude()
      if phase == .responding, self.forwarding?.isBlockedOnClient == true { awaitRoom() }
      return true
    }
  }

  private func takeForwarding() -> Forwarding {
    let taken = worker.takeForwarding(self)
    forwarding = taken
    return taken
  }

  private func awaitHead(_ forwarding: Forwarding) -> Bool {
    if phase == .idle, forwarding.hasStarted {
      phase = .head
      idleSince = loop.now
      let limits = worker.plan.limits
      loop.setDeadline(
        loop.now.adding(milliseconds: limits.headerTimeoutMilliseconds), of: self)
    }
    switch fill() {
    case .some: return true
    case .none:
      settle()
      return false
    case .end, .failed:
      endHead()
      return false
    }
  }

  /// The client is gone before its request's head was whole; one that said nothing leaves no line.
  private func endHead() {
    if phase == .head { drop("client closed the connection in the head") } else { close() }
  }

  private func settle() {
    releaseInput()
    guard phase == .idle, forwarding?.hasStarted == false else { return }
    var idle: Forwarding?
    swap(&idle, &forwarding)
    if let unused = idle.take() { worker.give(unused) }
  }

  private func readBody() -> Bool {
    guard let forwarding else { return false }
    switch read({ forwarding.receiveBody(&$0) }) {
    case .needMore: return readMoreBody()
    case .blocked: return false
    case .finished: contentEnded()
    case .over, .refused, .fault: break
    }
    forwarding.conclude()
    return phase != .body
  }

  /// The exchange has become a WebSocket; what the client said too early is read now.
  func beginTunnel() {
    phase = .tunnel
    worker.later(self)
  }

  private func readTunnel() -> Bool {
    guard let forwarding else { return false }
    if inputCount > 0 {
      let step = read { forwarding.tunnelUp(&$0) }
      forwarding.conclude()
      guard case .needMore = step else { return phase != .tunnel }
    }
    switch fill() {
    case .some: return true
    case .none:
      releaseInput()
      return false
    case .end:
      forwarding.clientEndedTunnel()
      return true
    case .failed:
      drop()
      return false
    }
  }

  private func contentEnded() {
    phase = .responding
    loop.setDeadline(.distantFuture, of: self)
    if forwarding?.isBlockedOnClient == true { awaitRoom() }
  }

  private func spliceMore(_ forwarding: Forwarding, _ transfer: SpliceTransfer) -> Bool {
    switch forwarding.splice(transfer, from: self) {
    case .done:
      contentEnded()
      forwarding.conclude()
      return true
    case .sourceEnded: drop()
    case .sourceEmpty, .sinkFull, .sinkFailed, .yield: break
    }
    return false
  }

  private func readMoreBody() -> Bool {
    if let forwarding, let transfer = forwarding.upload {
      return spliceMore(forwarding, transfer)
    }
    switch fill() {
    case .some: return true
    case .none:
      releaseInput()
      return false
    case .end, .failed:
      drop()
      return false
    }
  }

  // MARK: Ending

  /// The exchange is over and its response is in `output`: goes on or closes.
  func completed(closes: Bool) {
    isAwaitingRoom = false
    var ended: Forwarding?
    swap(&ended, &forwarding)
    if let done = ended.take() { worker.give(done) }
    flush()
    if isBroken { return close() }
    let limits = worker.plan.limits
    let isEnding = isRetired || (worker.isDraining && !worker.isLeaving)
    if closes || isEnding || requestCount >= limits.requestsPerConnectionMax {
      phase = .closing
      loop.setDeadline(
        loop.now.adding(milliseconds: limits.sendTimeoutMilliseconds), of: self)
    } else {
      phase = .idle
      idleSince = loop.now
      loop.setDeadline(
        loop.now.adding(milliseconds: limits.idleTimeoutMilliseconds), of: self)
    }
    if isProcessing { return }
    process()
  }

  /// The last stream has ended.
  func becameIdle() { idleSince = worker.loop.now }

  /// Sends what is left, and closes.
  func beginClosing() {
    if phase != .streams { return }
    phase = .closing
    worker.loop.setDeadline(
      worker.loop.now.adding(milliseconds: worker.plan.limits.sendTimeoutMilliseconds), of: self)
    if !isProcessing { process() }
  }

  /// Takes no request any more, and ends with what is under way.
  func retire() {
    isRetired = true
    switch phase {
    case .handshake: drop()
    case .tunnel: forwarding?.endTunnel(1001, "other clients are believed now", .gateway)
    case .streams:
      streams?.endTunnels("other clients are believed now")
      streams?.drain()
    default: drain()
    }
  }

  /// Whether a certificate opened it, or is about to.
  var isOfOldTrust: Bool { peer != nil || phase == .handshake }

  /// Ends when nothing is under way any more: the gateway stops.
  func drain() {
    switch phase {
    case .streams:
      streams?.endTunnels("the gateway stopped")
      streams?.drain()
    case .tunnel: forwarding?.endTunnel(1001, "the gateway stopped", .gateway)
    default: if isIdle { close() }
    }
  }

  /// Waits for the client to take what is left, then ends the writing side.
  private func finishClosing() -> Bool {
    if hasOutput, !flush() {
      if isBroken { close() }
      return false
    }
    closeTLS()
    if isEnded || isBroken {
      close()
      return false
    }
    Socket.shutdownWrite(descriptor)
    phase = .lingering
    loop.setDeadline(loop.now.adding(milliseconds: 2000), of: self)
    return true
  }

  /// Reads and drops what the client still sends, so that a reset does not overtake the response
  /// (RFC 9112 §9.6).
  private func linger() -> Bool {
    lingeredBytes += dropInput()
    if lingeredBytes > 1024 * 1024 {
      close()
      return false
    }
    switch fill() {
    case .some: return true
    case .none:
      releaseInput()
      return false
    case .end, .failed:
      close()
      return false
    }
  }

  /// Closes to make room for others, as one that waits for a request or is slow to make one.
  func giveWay() {
    switch phase {
    case .handshake:
      hasTimedOut = true
      refuseHandshake()
    case .head: drop("too slow, and there was no room")
    default: close()
    }
  }

  /// The client is gone, or has to go, in the middle of an exchange.
  func drop(_ reason: StaticString = "client closed the connection", fault: Fault = .client) {
    if let lost = forwarding {
      forwarding = nil
      lost.clientGone(reason, fault)
      worker.give(lost)
    }
    streams?.loseAll(reason, fault)
    close()
  }

  /// Closes at once.
  func close() {
    if descriptor < 0 { return }
    if let unused = forwarding {
      forwarding = nil
      unused.abandon()
      worker.give(unused)
    }
    streams?.loseAll("the connection was closed", .gateway)
    streams = nil
    releaseAll()
    worker.forget(self)
    loop.close(self)
  }
}
