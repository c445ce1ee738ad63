import Base
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// A client's connection that speaks HTTP/2: its streams, each with an exchange of its own.
///
/// The connection has the socket; the protocol is `HTTP2Connection`'s. Here events become calls to
/// streams, and what they send becomes frames, which go out together after each round of events.
final class ClientStreams {
  unowned let connection: ClientConnection
  let worker: Worker
  private var machine: HTTP2Connection
  private var streams: [ClientStream?] = []
  /// Objects that are used again.
  private var spare: [ClientStream] = []
  private(set) var openCount = 0
  private var requestCount = 0
  /// Streams that are to go on in the next round.
  private var due: [ClientStream] = []
  private var isFlushDue = false
  private var isResuming = false
  private var hasPeerLeft = false
  /// Where the round of blocked streams begins, so that none is always the last.
  private var turn = 0
  /// When a frame was whole last, while another is not.
  private var stalledSince: Instant?

  init(_ connection: ClientConnection) {
    self.connection = connection
    worker = connection.worker
    var limits = HTTP2Limits(worker.plan.limits)
    limits.takesConnect = worker.plan.hasWebSockets
    machine = HTTP2Connection(limits: limits)
    connection.write { machine.begin(&$0) }
    if worker.isDraining { drain() }
    armIdle(worker.plan.limits.headerTimeoutMilliseconds)
  }

  /// Whether no exchange is under way.
  var isIdle: Bool { openCount == 0 }

  // MARK: Reading

  /// Goes on by one event; false if it has to wait.
  func step() -> Bool {
    // A client that does not read its answers gets no more of its frames read.
    if connection.outputCount > BlockPool.blockBytes / 2, !connection.flush() { return false }
    let event = connection.read { input in
      connection.write { machine.next(&input, &$0, now: worker.loop.now) }
    }
    if case .needMore = event { return readMore() }
    stalledSince = nil
    switch event {
    case .needMore: break
    case .head(let slot): takeHead(slot)
    case .content(let slot, let range, let ends):
      guard let stream = streams[slot] else { break }
      connection.read { stream.receive($0.readable.extracting(range), ends: ends) }
    case .trailers(let slot): streams[slot]?.receive(trailers: machine.trailers)
    case .reset(let slot): lose(slot, "client reset the stream")
    case .streamFailed(let slot, let reason): lose(slot, reason)
    case .room: resume()
    case .leaves:
      hasPeerLeft = true
      closeIfDone()
    case .failed(let reason): fail(reason)
    }
    flushSoon()
    return connection.isServingStreams
  }

  private func readMore() -> Bool {
    switch connection.fill() {
    case .some: return true
    case .none:
      connection.releaseInput()
      if connection.inputCount > 0 || machine.isMidHead {
        if stalledSince == nil { noteStall() }
      }
      return false
    case .end, .failed:
      connection.drop()
      return false
    }
  }

  private func noteStall() {
    stalledSince = worker.loop.now
    if openCount == 0 { armIdle(worker.plan.limits.headerTimeoutMilliseconds) }
  }

  private func takeHead(_ slot: Int) {
    requestCount += 1
    let stream = spare.popLast() ?? ClientStream(self)
    stream.begin(slot: slot, isContentWhole: machine.isRequestWhole(slot))
    while streams.count <= slot { streams.append(nil) }
    streams[slot] = stream
    openCount += 1
    if openCount == 1 { armTick() }
    let forwarding = worker.takeForwarding(connection)
    forwarding.stream = stream
    stream.forwarding = forwarding
    let outcome = connection.read { input in
      forwarding.receive { machine.readHead(slot: slot, input.readable, into: &$0) }
    }
    switch outcome {
    case .complete, .refused:
      forwarding.push()
      forwarding.conclude()
    case .malformed:
      connection.write { machine.reset(slot, .protocolError, &$0) }
      remove(stream)
    case .failed(let reason):
      remove(stream)
      let event = connection.write { machine.fail(.compressionError, reason, &$0) }
      if case .failed(let reason) = event { fail(reason) }
    }
    if requestCount == worker.plan.limits.requestsPerConnectionMax { drain() }
  }

  // MARK: Sending

  func sendHead(_ slot: Int, _ turn: borrowing Turn, length: Int?, ends: Bool) {
    connection.write {
      machine.sendHead(
        slot, turn.exchange.response, reply: turn.exchange.replyFields, length: length, ends: ends,
        into: &$0)
    }
    flushSoon()
  }

  func sendContinue(_ slot: Int) {
    connection.write { machine.sendInterim(slot, status: 100, into: &$0) }
    flushSoon()
  }

  /// Sends one frame of content at most; `remaining` is what the response still has, if known.
  func send(_ slot: Int, _ content: Span<UInt8>, upTo remaining: Int) -> Int {
    let room = min(content.count, machine.room(slot))
    if room == 0 { return 0 }
    if connection.outputCount + room > BlockPool.blockBytes - 512 { connection.flush() }
    let count = min(room, BlockPool.blockBytes - 512 - connection.outputCount)
    if count <= 0 { return 0 }
    connection.write {
      machine.sendContent(
        slot, content.extracting(first: count), ends: count == remaining, into: &$0)
    }
    flushSoon()
    return count
  }

  /// Room for a head, and little more.
  static let appetiteMin = 4096

  /// How much a stream could send now, at least `appetiteMin`.
  func appetite(_ slot: Int) -> Int {
    let isOpen = connection.isWritable || connection.outputCount < BlockPool.blockBytes / 2
    if !isOpen { return ClientStreams.appetiteMin }
    let window = machine.window(slot)
    return window < BlockPool.blockBytes / 2
      ? max(ClientStreams.appetiteMin, window) : BlockPool.blockBytes
  }

  func end(_ slot: Int, _ trailers: borrowing Fields) {
    if machine.isEnded(slot) { return }
    connection.write {
      if trailers.lines.isEmpty {
        machine.sendContent(slot, Span(), ends: true, into: &$0)
      } else {
        machine.sendTrailers(slot, trailers, into: &$0)
      }
    }
    flushSoon()
  }

  /// The upstream, or nobody, took content: the client may send more.
  func credit(_ stream: ClientStream, _ count: Int) {
    if count == 0 { return }
    connection.write { output in
      if streams[stream.slot] === stream {
        machine.credit(stream.slot, count, &output)
      } else {
        machine.discard(count, &output)
      }
    }
    flushSoon()
  }

  /// Has a stream go on once everybody's state is in order.
  func later(_ stream: ClientStream) {
    due.append(stream)
    flushSoon()
  }

  /// What all streams have to say in this round goes out in one piece.
  private func flushSoon() {
    if isFlushDue { return }
    isFlushDue = true
    worker.later(connection)
  }

  /// Called at the end of each round in which something was sent, and when the socket has room.
  func clientReady() {
    isFlushDue = false
    while let stream = due.popLast() { stream.resume() }
    if !connection.hasOutput { resume() }
  }

  /// Lets the streams that wait for the client go on, one after another.
  private func resume() {
    if isResuming { return }
    isResuming = true
    let count = streams.count
    turn = count > 0 ? (turn + 1) % count : 0
    for offset in 0..<count {
      if connection.outputCount > BlockPool.blockBytes / 2, !connection.flush() { break }
      streams[(turn + offset) % count]?.clientWritable()
    }
    isResuming = false
  }

  // MARK: Ends

  /// The exchange of a stream is over, and what it had to say is written.
  func finish(_ stream: ClientStream, _ ending: Forwarding.Ending) {
    guard streams[stream.slot] === stream else { return }
    connection.write {
      if ending == .cut || !machine.isEnded(stream.slot) {
        machine.reset(stream.slot, .internalError, &$0)
      } else {
        machine.finish(
          stream.slot,
          lingersUntil: worker.loop.now.adding(milliseconds: ClientStreams.lingerMilliseconds))
      }
    }
    remove(stream)
    flushSoon()
  }

  /// The stream is gone.
  private func lose(_ slot: Int, _ reason: StaticString) {
    guard let stream = streams[slot] else { return }
    if let lost = stream.forwarding {
      stream.forwarding = nil
      lost.clientGone(reason, .client)
      worker.give(lost)
    }
    remove(stream)
  }

  private func remove(_ stream: ClientStream) {
    if let unused = stream.forwarding {
      stream.forwarding = nil
      unused.abandon()
      worker.give(unused)
    }
    streams[stream.slot] = nil
    openCount -= 1
    let pending = stream.pendingCount
    if pending > 0 { connection.write { machine.discard(pending, &$0) } }
    stream.clear()
    spare.append(stream)
    if openCount == 0 {
      connection.becameIdle()
      let isLingering = machine.isLingering
      armIdle(
        isLingering
          ? ClientStreams.lingerMilliseconds : worker.plan.limits.idleTimeoutMilliseconds)
      closeIfDone()
    }
  }

  /// The connection broke a rule: what is under way ends with it.
  private func fail(_ reason: StaticString) {
    if openCount == 0 { worker.protocolFailed(connection, reason) }
    loseAll(reason, .client)
    connection.beginClosing()
  }

  /// All streams are gone, with the connection.
  func loseAll(_ reason: StaticString, _ fault: Fault) {
    for slot in streams.indices {
      guard let stream = streams[slot] else { continue }
      if let lost = stream.forwarding {
        stream.forwarding = nil
        lost.clientGone(reason, fault)
        worker.give(lost)
      }
      streams[slot] = nil
    }
    openCount = 0
  }

  /// Has the client send no more requests; what it has sent is served.
  func drain() {
    connection.write { machine.drain(&$0) }
    flushSoon()
    if isIdle { armIdle(ClientStreams.goodbyeMilliseconds) }
  }

  /// Says goodbye on all WebSockets, which would never end by themselves.
  func endTunnels(_ reason: StaticString) {
    for stream in streams { stream?.endTunnel(reason, .gateway) }
  }

  /// How long a client that is asked to leave may take to say that it has read so.
  private static let goodbyeMilliseconds = 1000

  /// How long the rest of a request that was answered is taken and dropped.
  private static let lingerMilliseconds = 1000

  private func closeIfDone() {
    guard isIdle, hasPeerLeft || machine.isLeaving, connection.isServingStreams else { return }
    connection.write { machine.leave(&$0) }
    connection.beginClosing()
  }

  // MARK: Deadlines

  private func armIdle(_ milliseconds: Int) {
    let wanted = machine.isDraining ? ClientStreams.goodbyeMilliseconds : milliseconds
    worker.loop.setDeadline(worker.loop.now.adding(milliseconds: wanted), of: connection)
  }

  private var tickMilliseconds: Int {
    let limits = worker.plan.limits
    return min(limits.bodyRateGraceMilliseconds, limits.sendTimeoutMilliseconds / 2)
  }

  private func armTick() {
    worker.loop.setDeadline(
      worker.loop.now.adding(milliseconds: tickMilliseconds), of: connection)
  }

  func deadlinePassed() {
    let limits = worker.plan.limits
    if let since = stalledSince, machine.isMidHead || openCount == 0,
      worker.loop.now.since(since) / 1_000_000 + 100 >= UInt64(limits.headerTimeoutMilliseconds)
    {
      let event = connection.write { machine.fail(.noError, "header section too slow", &$0) }
      if case .failed(let reason) = event { fail(reason) }
      return connection.process()
    }
    if machine.isLingering {
      let now = worker.loop.now.adding(milliseconds: 100)
      connection.write { machine.endLingering(now: now, &$0) }
      flushSoon()
      if openCount == 0 { return armIdle(worker.plan.limits.idleTimeoutMilliseconds) }
    }
    if openCount == 0 {
      connection.write { machine.leave(&$0) }
      connection.beginClosing()
      return connection.process()
    }
    let wanted = UInt64(limits.bodyRateBytesPerSecondMin * tickMilliseconds / 1000)
    let partial = connection.read { machine.partialSlot($0.readable) }
    for slot in streams.indices {
      guard let stream = streams[slot] else { continue }
      if stream.isTunnelIdle(now: worker.loop.now) {
        stream.endTunnel("nothing was said for too long", .none)
        continue
      }
      let underway = partial == slot ? connection.inputCount : 0
      switch stream.slowness(wanted: wanted, underway: underway) {
      case nil: continue
      case .sending: stream.forwarding?.refuse(.requestTimeout, "content too slow", closes: true)
      case .taking:
        connection.write { machine.reset(slot, .cancel, &$0) }
        lose(slot, "client does not take its answer")
      }
    }
    if openCount > 0 { armTick() }
    flushSoon()
  }
}
