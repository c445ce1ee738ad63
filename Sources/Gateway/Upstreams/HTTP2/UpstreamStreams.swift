import Base
import Blueprint
import HTTP
import Runtime
import Telemetry
import Wire

/// A connection to an upstream that speaks HTTP/2: its streams, each with an exchange of its own.
///
/// The connection has the socket; the protocol is `HTTP2Connection`'s. No request goes out before
/// the upstream has said how many it takes at once; those that come before that, or while there
/// are so many, wait.
final class UpstreamStreams {
  unowned let connection: UpstreamConnection
  let worker: Worker
  private let pool: ServicePool
  private let target: Int
  private var machine: HTTP2Connection
  private var streams: [UpstreamStream?] = []
  private var waiting: [UpstreamStream] = []
  /// Objects that are used again.
  private var spare: [UpstreamStream] = []
  /// Those to which something came in this round of events.
  private var touched: [UpstreamStream] = []
  /// Exchanges that are under way, or wait.
  private(set) var count = 0
  private var doneCount = 0
  /// Whether no further exchange is begun on it.
  private(set) var isLeaving = false
  private var isFlushDue = false
  private var isResuming = false
  private var isLost = false
  private var turn = 0
  /// Until when the upstream has to have said what it allows.
  private var giveUpAt = Instant.distantFuture
  private var armedUntil = Instant.distantFuture
  /// Until when it is kept while nothing is under way.
  private var idleUntil = Instant(nanoseconds: 0)
  private var heardAt: Instant
  private var askedAt: Instant?

  init(_ connection: UpstreamConnection) {
    self.connection = connection
    worker = connection.worker
    pool = connection.pool
    target = connection.target
    heardAt = connection.worker.loop.now
    machine = HTTP2Connection(
      limits: HTTP2Limits(
        upstream: connection.worker.plan.limits,
        streamsMax: connection.pool.service.keepAlive.streamsMax), isClient: true)
  }

  /// Whether requests can go out at once.
  var isReady: Bool { machine.hasSettings }

  /// Whether another exchange may begin on it.
  var hasRoom: Bool {
    if isLeaving || isLost || connection.descriptor < 0 || connection.isHungUp { return false }
    let most =
      machine.hasSettings ? machine.streamsMax : max(1, pool.streamsMax(of: target))
    return count < most
  }

  /// The connection stands: says what this side allows.
  func start() { connection.write { machine.begin(&$0) } }

  // MARK: Exchanges

  /// Takes an exchange on; its stream is open, or is once there is room.
  func attach(_ forwarding: Forwarding) -> UpstreamStream {
    let stream = spare.popLast() ?? UpstreamStream(self)
    stream.begin(forwarding, isReused: doneCount > 0)
    count += 1
    if waiting.isEmpty, let slot = machine.openStream() {
      place(stream, slot)
    } else {
      waiting.append(stream)
    }
    return stream
  }

  private func place(_ stream: UpstreamStream, _ slot: Int) {
    while streams.count <= slot { streams.append(nil) }
    streams[slot] = stream
    stream.open(slot: slot)
    if machine.isPeerLeaving { leave() }
  }

  private func openWaiting() {
    while !waiting.isEmpty, let slot = machine.openStream() {
      let stream = waiting.removeFirst()
      place(stream, slot)
      stream.forwarding?.upstreamOpened(stream)
    }
  }

  /// The exchange of a stream is over, for the upstream at least.
  func remove(_ stream: UpstreamStream) {
    if stream.isOpen {
      let (slot, pending) = (stream.slot, stream.pendingCount)
      connection.write {
        machine.finishRequest(slot, &$0)
        if pending > 0 { machine.discard(pending, &$0) }
      }
      streams[slot] = nil
      flushSoon()
    } else {
      waiting.removeAll { $0 === stream }
    }
    forget(stream)
  }

  private func forget(_ stream: UpstreamStream) {
    stream.clear()
    count -= 1
    doneCount += 1
    pool.ended(target)
    if spare.count < 128 { spare.append(stream) }
    if isLost { return }
    if !waiting.isEmpty { flushSoon() }
    if count == 0 { becameIdle() }
  }

  private func becameIdle() {
    let isKept =
      !isLeaving && !connection.isEnded && !connection.isHungUp && worker.isCurrent(pool)
      && pool.mayKeepShared(connection, target)
    if isKept {
      let milliseconds = pool.service.keepAlive.idleTimeoutMilliseconds
      idleUntil = worker.loop.now.adding(milliseconds: milliseconds)
      arm(idleUntil)
    } else {
      // Not at once: whoever has let the exchange go may be in the middle of the connection.
      isLeaving = true
      pool.dropShared(connection, target)
      flushSoon()
    }
  }

  // MARK: Sending

  func sendHead(
    _ slot: Int, _ request: borrowing RequestHead, authority: Span<UInt8>, _ framing: BodyFraming,
    ends: Bool
  ) {
    let isSecure = connection.isSecure
    connection.write {
      machine.sendRequest(
        slot, request, authority: authority, isSecure: isSecure, framing: framing, ends: ends,
        into: &$0)
    }
    flushSoon()
  }

  /// Content that may wait to be sent, in bytes: less than a block, so that what the connection
  /// itself has to say has room beside it.
  private static let outputMax = BlockPool.blockBytes / 2

  /// Sends one frame of content at most; `remaining` is what the request still has, if known.
  func send(_ slot: Int, _ content: Span<UInt8>, upTo remaining: Int) -> Int {
    let room = min(content.count, machine.room(slot))
    if room == 0 { return 0 }
    if connection.outputCount + room > UpstreamStreams.outputMax { connection.flush() }
    let count = min(room, UpstreamStreams.outputMax - connection.outputCount)
    if count <= 0 { return 0 }
    connection.write {
      machine.sendContent(
        slot, content.extracting(first: count), ends: count == remaining, into: &$0)
    }
    flushSoon()
    return count
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

  /// The client took content: the upstream may send more.
  func credit(_ stream: UpstreamStream, _ count: Int) {
    if count == 0 { return }
    connection.write { output in
      if stream.isOpen {
        machine.credit(stream.slot, count, &output)
      } else {
        machine.discard(count, &output)
      }
    }
    flushSoon()
  }

  /// Content came that nobody wants any more.
  func discard(_ count: Int) {
    if count == 0 || isLost { return }
    connection.write { machine.discard(count, &$0) }
    flushSoon()
  }

  /// What all streams have to say in this round goes out in one piece.
  func flushSoon() {
    if isFlushDue { return }
    isFlushDue = true
    worker.later(connection)
  }

  /// Called at the end of each round in which something was sent, and when the socket has room.
  func upstreamReady() {
    isFlushDue = false
    if isLeaving, count == 0 { return connection.leave() }
    if machine.hasSettings { openWaiting() }
    if !connection.hasOutput { resume() }
  }

  /// Lets the exchanges that wait for the upstream go on, one after another.
  private func resume() {
    if isResuming { return }
    isResuming = true
    let slots = streams.count
    turn = slots > 0 ? (turn + 1) % slots : 0
    for offset in 0..<slots {
      if connection.outputCount > UpstreamStreams.outputMax / 2, !connection.flush() { break }
      streams[(turn + offset) % slots]?.forwarding?.upstreamWritable()
    }
    isResuming = false
  }

  // MARK: Reading

  /// Goes on by one event; false if it has to wait, or is done.
  func step() -> Bool {
    // An upstream that does not read what the connection itself has to say gets no more read.
    if connection.outputCount > BlockPool.blockBytes * 3 / 4, !connection.flush() { return false }
    let event = connection.read { input in
      connection.write { machine.next(&input, &$0, now: worker.loop.now) }
    }
    if case .needMore = event { return readMore() }
    (heardAt, askedAt) = (worker.loop.now, nil)
    switch event {
    case .needMore: break
    case .head(let slot): takeHead(slot)
    case .content(let slot, let range, let ends):
      guard let stream = streams[slot] else { break }
      connection.read { stream.keep($0.readable.extracting(range), ends: ends) }
      touch(stream)
      stream.deliver()
    case .trailers(let slot):
      guard let stream = streams[slot] else { break }
      stream.end(trailers: machine.trailers)
      stream.deliver()
    case .reset(let slot): wasReset(slot)
    case .streamFailed(let slot, let reason): failed(slot, reason)
    case .room:
      pool.note(streamsMax: machine.streamsMax, of: target)
      openWaiting()
      resume()
    case .leaves: leave()
    case .failed(let reason): fail(reason)
    }
    flushSoon()
    return connection.descriptor >= 0 && !isLost
  }

  private func readMore() -> Bool {
    switch connection.fill() {
    case .some: return true
    case .none:
      connection.releaseInput()
      pauseTouched()
    case .end, .failed: connection.fault(.cut)
    }
    return false
  }

  private func touch(_ stream: UpstreamStream) {
    if stream.isTouched { return }
    stream.isTouched = true
    touched.append(stream)
  }

  /// The upstream has no more for now: what there is goes out.
  private func pauseTouched() {
    if touched.isEmpty { return }
    var paused: [UpstreamStream] = []
    swap(&paused, &touched)
    for stream in paused where stream.isTouched {
      stream.isTouched = false
      stream.forwarding?.upstreamPaused()
    }
    paused.removeAll(keepingCapacity: true)
    if touched.isEmpty { swap(&paused, &touched) }
  }

  private func takeHead(_ slot: Int) {
    guard let stream = streams[slot], let forwarding = stream.forwarding else { return }
    stream.isResponseStarted = true
    let outcome = connection.read { input in
      forwarding.readResponse {
        machine.readResponse(slot: slot, method: $1, input.readable, into: &$0)
      }
    }
    switch outcome {
    case .complete: break
    case .interim:
      if forwarding.hasTooManyInterim() { lose(stream, .garbage) }
      return
    case .malformed(let reason):
      note(reason)
      return lose(stream, .garbage)
    case .failed(let reason):
      let event = connection.write { machine.fail(.compressionError, reason, &$0) }
      if case .failed(let reason) = event { fail(reason) }
      return
    }
    touch(stream)
    if machine.isResponseWhole(slot) { stream.endWithHead() }
    switch forwarding.responseBegan(stream) {
    case .needMore: stream.deliver()
    case .refused, .finished:
      if stream.forwarding === forwarding { remove(stream) }
      forwarding.upstreamFinished()
    case .fault(let fault): lose(stream, fault)
    case .blocked, .over: break
    }
  }

  private func note(_ reason: StaticString) {
    ErrorLog.debug("\(pool.service.targets[target].label(pool.service.name)): \(reason)")
  }

  // MARK: Ends

  /// The upstream has given a stream up.
  private func wasReset(_ slot: Int) {
    guard let stream = streams[slot] else { return }
    streams[slot] = nil
    stream.lostSlot()
    // With a response that is whole, it only says that it wants no more of the request.
    if stream.isWhole { return stream.deliver() }
    lose(stream, UpstreamFault(code: machine.lastCode))
  }

  private func failed(_ slot: Int, _ reason: StaticString) {
    guard let stream = streams[slot] else { return }
    streams[slot] = nil
    stream.lostSlot()
    note(reason)
    lose(stream, .garbage)
  }

  /// A stream's try has failed.
  func lose(_ stream: UpstreamStream, _ fault: UpstreamFault) {
    guard let forwarding = stream.forwarding else { return }
    remove(stream)
    if fault != .closedStale, fault != .leaving { pool.failed(target, fault, worker) }
    forwarding.upstreamFailed(fault)
  }

  /// The upstream takes no more on this connection; what it has begun it ends.
  private func leave() {
    isLeaving = true
    pool.dropShared(connection, target)
    var lost = waiting
    waiting = []
    for slot in machine.takeUnserved() {
      guard let stream = streams[slot] else { continue }
      streams[slot] = nil
      stream.lostSlot()
      lost.append(stream)
    }
    for stream in lost { lose(stream, .leaving) }
    if count == 0 { flushSoon() }
  }

  /// The upstream broke a rule: what is under way ends with the connection.
  private func fail(_ reason: StaticString) {
    note(reason)
    connection.flush()
    connection.fault(.garbage)
  }

  /// The connection is gone, and is closed by now: true if somebody has lost something by it.
  func loseAll(_ fault: UpstreamFault) {
    isLost = true
    var lost: [(UpstreamStream, UpstreamFault)] = []
    for stream in streams {
      guard let stream else { continue }
      let isStale = fault == .cut && stream.isReused && !stream.isResponseStarted
      lost.append((stream, isStale ? .closedStale : fault))
    }
    for stream in waiting { lost.append((stream, fault == .cut ? .leaving : fault)) }
    (streams, waiting, touched) = ([], [], [])
    // One connection's end is one failure, however many exchanges it takes along.
    if lost.contains(where: { $0.1 != .closedStale && $0.1 != .leaving }) {
      pool.failed(target, fault, worker)
    }
    for (stream, fault) in lost {
      guard let forwarding = stream.forwarding else { continue }
      stream.lostSlot()
      forget(stream)
      forwarding.upstreamFailed(fault)
    }
  }

  /// Says goodbye; for a connection that is closed next.
  func sayGoodbye() { connection.write { machine.sendGoodbye(&$0) } }

  // MARK: Deadlines

  /// Sets until when the upstream has to have said what it allows.
  func begin(giveUpAt moment: Instant) {
    giveUpAt = moment
    arm(moment)
  }

  /// Sets when something is due at the latest.
  func arm(_ deadline: Instant) {
    if deadline >= armedUntil { return }
    armedUntil = deadline
    // The race of addresses has deadlines of its own until it is over.
    if connection.race == nil { worker.loop.setDeadline(deadline, of: connection) }
  }

  func deadlinePassed() {
    let now = worker.loop.now
    armedUntil = .distantFuture
    if !machine.hasSettings, now >= giveUpAt {
      return connection.fault(connection.isConnecting ? .unreachable : .timedOut)
    }
    if count == 0, machine.hasSettings {
      return now >= idleUntil ? connection.leave() : arm(idleUntil)
    }
    for stream in waiting + streams.compactMap({ $0 }) where stream.deadline <= now {
      if let forwarding = stream.forwarding, !forwarding.clientHoldsUp(stream) {
        lose(stream, .timedOut)
      }
    }
    if connection.descriptor < 0 { return }
    askIfSilent(now)
    if connection.descriptor < 0 { return }
    var next = machine.hasSettings ? Instant.distantFuture : giveUpAt
    for stream in waiting { next = min(next, stream.deadline) }
    for stream in streams { if let stream { next = min(next, stream.deadline) } }
    if let silence { next = min(next, silence) }
    if next != .distantFuture { arm(next) }
    flushSoon()
  }

  /// When the upstream has been silent for long enough to be asked, or to be gone.
  private var silence: Instant? {
    let milliseconds = pool.service.keepAlive.pingMilliseconds
    if milliseconds == 0 || !machine.hasSettings || count == 0 { return nil }
    return (askedAt ?? heardAt).adding(milliseconds: milliseconds)
  }

  private func askIfSilent(_ now: Instant) {
    guard let silence, silence <= now else { return }
    if askedAt != nil { return connection.fault(.timedOut) }
    askedAt = now
    connection.write { machine.sendPing(&$0) }
  }

  /// Has silence noticed, where that is asked for.
  func watch() { if let silence { arm(silence) } }
}
