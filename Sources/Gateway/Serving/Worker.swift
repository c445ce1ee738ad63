import Base
import Blueprint
import Formats
import HTTP
import PolicyKit
import Runtime
import TLS
import Telemetry

/// All that one event loop serves with; nothing in it is shared with another loop but the plan.
final class Worker {
  let loop: EventLoop
  let metrics: LoopMetrics
  private(set) var accessLog: AccessLogBuffer?
  /// The loop's part of the events; nil if nothing could ever read them.
  private let events: EventBuffer?
  /// Begins traces.
  var traces: TraceMaker
  let blocks = BlockPool()
  /// A buffer for whoever needs one for a moment.
  var scratch = ByteBuffer(capacity: 1024)
  private(set) var plan: Plan
  private(set) var isDraining = false
  /// Whether another process takes new connections, so that idle ones need not end at once.
  private(set) var isLeaving = false
  /// Connections whose balancer has yet to say whose they are.
  var awaitedHeaders = 0
  /// The consumers and keys of the store.
  private(set) var live: LiveDirectory?
  /// Who waits for the answer of a responder, by ticket.
  private var waiting: [UInt64: Forwarding] = [:]

  /// Each is two descriptors, and 64 KiB while it is full.
  private static let idlePipesMax = 32

  let mailbox: Mailbox<WorkerMessage>
  /// Has a need got that nobody waited for before.
  let needs: @Sendable (Need) -> Void
  /// The exchanges that wait for one, by ticket; tickets are never given twice.
  var parked: [UInt64: Forwarding] = [:]
  var ticketCount: UInt64 = 0
  /// Until when exchanges wait for the answer to another, the first first.
  var turnWaits: [(ticket: UInt64, until: Instant)] = []
  /// How many loops share what is bounded for all.
  let share: Int
  /// How many descriptors the process may have.
  let descriptors = ProcessLimits.descriptors
  /// When idle connections are looked for again, after there were none.
  var nextEviction = Instant(nanoseconds: 0)
  /// The counts that other gateways keep as well; nil if there are none.
  private(set) var counters: SharedCounters?
  /// How often addresses begin handshakes.
  var handshakes = AddressGate()
  /// Encoders of responses: those that are kept, and how many are at work.
  var idleEncoders: [ContentEncoder] = []
  var encoderCount = 0
  private var wakeup: WakeupChannel?
  private var listeners: [Listener] = []
  private var pools: [ServicePool] = []
  private(set) var clients: [ClientConnection?] = []
  private(set) var clientCount = 0
  private var nextNumber: UInt64 = 0
  private var clientsByAddress: [IPAddress: Int] = [:]
  private var idleForwardings: [Forwarding] = []
  private var idlePipes: [SplicePipe] = []
  private var deferred: [Channel] = []
  private var date = HTTPDate()
  private var drainDeadline = Instant.distantFuture
  private var idleDeadline = Instant.distantFuture
  private var lastFlush = Instant(nanoseconds: 0)

  init(
    plan: Plan, mailbox: Mailbox<WorkerMessage>, metrics: LoopMetrics, log: AccessLog?,
    events: EventBuffer?, live: LiveDirectory?, share: Int,
    needs: @escaping @Sendable (Need) -> Void
  ) throws(SystemError) {
    loop = try EventLoop()
    self.needs = needs
    self.plan = plan
    self.live = live
    self.mailbox = mailbox
    self.metrics = metrics
    traces = plan.trace.maker(loop: mailbox.descriptor)
    self.share = share
    accessLog = log.map { AccessLogBuffer($0) }
    self.events = events
    pools = plan.services.map { ServicePool($0) }
    let waker = WakeupChannel(descriptor: mailbox.descriptor, worker: self)
    wakeup = waker
    try loop.add(waker)
    loop.afterRound = { [unowned self] in afterRound() }
    counters = plan.counters.map { SharedCounters($0, worker: self) }
    counters?.start()
  }

  /// Opens the listening sockets of the plan, or takes those that were handed over; `number` is
  /// that of this loop.
  func listen(_ inherited: InheritedListeners?, number: Int) throws(SystemError) {
    for settings in plan.listeners {
      let taken = inherited?.take(settings.bind, worker: number, of: share) ?? []
      for descriptor in taken.isEmpty ? [nil] : taken.map(Optional.some) {
        let listener = try Listener(settings, worker: self, descriptor: descriptor)
        try loop.add(listener)
        listeners.append(listener)
      }
    }
  }

  /// Serves until drained.
  func run() { loop.run() }

  /// Whether exchanges are to be written down as events.
  var isRecording: Bool { events?.stream.isActive == true }

  /// Where events go; nil if nobody reads any.
  var recorder: EventBuffer? { isRecording ? events : nil }

  // MARK: Messages

  func takeMessages() {
    for message in mailbox.take() {
      switch message {
      case .adopt(let plan, let log):
        adopt(log)
        events?.renewMasks()
        adopt(plan)
      case .live(let directory): live = directory
      case .reply(let ticket, let response):
        waiting.removeValue(forKey: ticket)?.deliver(response)
      case .drain: drain()
      case .leave: leave()
      case .offer(let offered):
        offered.add(isDraining ? [] : listeners.map { ($0.settings.bind, $0.descriptor) })
      case .obtained(let ticket): obtained(ticket)
      }
    }
  }

  /// Takes over a new plan: what is under way keeps the old one.
  private func adopt(_ new: Plan) {
    for pool in pools {
      pool.closeIdle(self)
      pool.report(to: metrics, isOver: true)
    }
    plan = new
    traces = plan.trace.maker(loop: mailbox.descriptor)
    if counters?.plan.fingerprint != new.counters?.fingerprint {
      counters?.close()
      counters = new.counters.map { SharedCounters($0, worker: self) }
      counters?.start()
    }
    let old = pools
    pools = new.services.map { service in
      ServicePool(service, after: old.first { $0.service.name == service.name })
    }
    var kept: [Listener] = []
    for listener in listeners {
      if let settings = new.listeners.first(where: { $0.bind == listener.settings.bind }) {
        let isOtherTrust = settings.tls?.clientTrust != listener.settings.tls?.clientTrust
        listener.settings = settings
        if isOtherTrust { retire(listener) }
        kept.append(listener)
      } else {
        loop.leave(listener)
      }
    }
    listeners = kept
    for settings in new.listeners where !kept.contains(where: { $0.settings.bind == settings.bind })
    {
      do throws(SystemError) {
        let listener = try Listener(settings, worker: self)
        try loop.add(listener)
        listeners.append(listener)
      } catch {
        ErrorLog.error("cannot listen on \(settings.bind): \(error)")
      }
    }
  }

  /// Other clients are believed from now on: connections that were opened with a certificate end
  /// with what is under way, and whoever comes back is looked at anew.
  private func retire(_ listener: Listener) {
    for index in clients.indices {
      if let client = clients[index], client.listener === listener, client.isOfOldTrust {
        client.retire()
      }
    }
  }

  /// Writes to another log from now on; what the one before has not got yet it gets now.
  private func adopt(_ log: AccessLog?) {
    if accessLog?.log === log { return }
    accessLog?.flush()
    accessLog = log.map { AccessLogBuffer($0) }
  }

  private func drain() {
    if isDraining, !isLeaving { return stop() }
    isLeaving = false
    endListening()
    for index in clients.indices {
      clients[index]?.drain()
    }
  }

  /// Another process takes new connections. Those that wait for a request end with the answer to
  /// their next one, or after a while, so that no request meets a connection that has just ended.
  private func leave() {
    if isDraining { return }
    isLeaving = true
    endListening()
    events?.flush()
    for index in clients.indices {
      if let client = clients[index], !client.isIdle { client.drain() }
    }
    let milliseconds = min(
      plan.limits.handOverIdleMilliseconds, plan.limits.drainTimeoutMilliseconds)
    idleDeadline = loop.now.adding(milliseconds: milliseconds)
  }

  private func endListening() {
    isDraining = true
    for listener in listeners { loop.leave(listener) }
    listeners = []
    drainDeadline = loop.now.adding(milliseconds: plan.limits.drainTimeoutMilliseconds)
  }

  private func afterRound() {
    metrics.looped(nanoseconds: Clock.monotonic.since(loop.now))
    if !deferred.isEmpty { runDeferred() } else { loop.isBusy = false }
    counters?.afterRound(now: loop.now)
    if loop.now.since(lastFlush) > 500_000_000 {
      lastFlush = loop.now
      accessLog?.flush()
      events?.flush()
      for pool in pools { pool.report(to: metrics) }
      if !turnWaits.isEmpty { endTurnWaits() }
    }
    if isDraining { drainFurther() }
  }

  private func drainFurther() {
    if loop.now >= idleDeadline {
      (idleDeadline, isLeaving) = (.distantFuture, false)
      for index in clients.indices { clients[index]?.drain() }
    }
    let isDone = clientCount == 0 && (awaitedHeaders == 0 || !isLeaving)
    if isDone || loop.now >= drainDeadline { stop() }
  }

  /// Ends the loop; what is still under way is cut, and leaves its lines.
  private func stop() {
    for index in clients.indices { clients[index]?.drop("the gateway stopped", fault: .gateway) }
    counters?.close()
    accessLog?.flush()
    events?.flush()
    loop.isStopped = true
  }

  /// Calls a channel again after this round of events.
  func later(_ channel: Channel) { deferred.append(channel) }

  /// Who is called may put off something in turn; what is left after a few rounds waits no longer
  /// than until the sockets were looked at.
  private func runDeferred() {
    for _ in 0..<Worker.deferredRoundsMax where !deferred.isEmpty { runDeferredOnce() }
    loop.isBusy = !deferred.isEmpty
  }

  private static let deferredRoundsMax = 4

  private func runDeferredOnce() {
    let waiting = deferred
    deferred.removeAll(keepingCapacity: true)
    for channel in waiting where channel.descriptor >= 0 {
      if let client = channel as? ClientConnection, client.isBroken {
        client.drop()
      } else {
        channel.ready(loop)
      }
    }
  }

  // MARK: Connections

  /// How many connections an address has, or its network in IPv6.
  func addressCount(_ address: IPAddress) -> Int {
    clientsByAddress[address.limitKey, default: 0]
  }

  /// The number of a connection that was accepted.
  func takeNumber() -> UInt64 {
    nextNumber += 1
    return nextNumber
  }

  func remember(_ client: ClientConnection) {
    while clients.count <= Int(client.descriptor) { clients.append(nil) }
    clients[Int(client.descriptor)] = client
    clientCount += 1
    clientsByAddress[client.address.limitKey, default: 0] += 1
    metrics.connectionOpened()
  }

  func forget(_ client: ClientConnection) {
    guard clients[Int(client.descriptor)] === client else { return }
    clients[Int(client.descriptor)] = nil
    clientCount -= 1
    let key = client.address.limitKey
    if let count = clientsByAddress[key], count > 1 {
      clientsByAddress[key] = count - 1
    } else {
      clientsByAddress[key] = nil
    }
    metrics.connectionClosed()
  }

  // MARK: Exchanges

  func takeForwarding(_ client: ClientConnection) -> Forwarding {
    var idle: [Forwarding] = []
    swap(&idle, &idleForwardings)
    let taken = idle.popLast() ?? Forwarding(worker: self)
    swap(&idle, &idleForwardings)
    taken.prepare(client)
    return taken
  }

  func give(_ forwarding: consuming Forwarding) {
    forwarding.release()
    var idle: [Forwarding] = []
    swap(&idle, &idleForwardings)
    if idle.count < 1024 { idle.append(forwarding) }
    swap(&idle, &idleForwardings)
  }

  /// A ticket for an exchange that waits for a responder.
  func await(_ forwarding: Forwarding) -> UInt64 {
    ticketCount += 1
    waiting[ticketCount] = forwarding
    return ticketCount
  }

  /// Nobody waits for this answer any more.
  func forget(ticket: UInt64) { waiting[ticket] = nil }

  /// What brings an answer to the holder of a ticket, from whatever thread.
  func reply(to ticket: UInt64) -> @Sendable (ServiceResponse) -> Void {
    { [mailbox] response in mailbox.post(.reply(ticket: ticket, response)) }
  }

  /// A pipe for large content, or nil if the system has none to give.
  func takePipe() -> SplicePipe? { idlePipes.popLast() ?? (try? SplicePipe()) }

  /// Keeps an empty pipe for the next large content.
  func givePipe(_ pipe: SplicePipe) {
    if idlePipes.count < Worker.idlePipesMax { idlePipes.append(pipe) }
  }

  /// The pool of a service: the current one, or one for an exchange of an older plan.
  func pool(_ service: PlanService, of plan: Plan) -> ServicePool {
    plan === self.plan && service.index < pools.count ? pools[service.index] : ServicePool(service)
  }

  /// Whether connections of this pool are still wanted.
  func isCurrent(_ pool: ServicePool) -> Bool {
    let index = pool.service.index
    return !isDraining && index < pools.count && pools[index] === pool
  }

  /// Whether an address is one of our own listeners, which no upstream may be (SSR-05).
  func isOwnListener(_ address: IPAddress, _ port: UInt16) -> Bool {
    for listener in listeners where listener.settings.bind.port == port {
      let own = listener.settings.bind
      if own.address == address || (own.isEveryAddress && address.isLoopback) { return true }
    }
    return false
  }

  func appendDate(to fields: inout Fields) {
    let now = date.bytes(loop.wallMilliseconds)
    fields.append(name: "date", value: now.span)
  }
}
