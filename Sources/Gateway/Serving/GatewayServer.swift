import Base
import Blueprint
public import PolicyKit
public import Runtime
import Synchronization
public import Telemetry

/// The running gateway: a thread for each loop, and what all of them share.
public final class GatewayServer: Sendable {
  /// One for each loop.
  public let metrics: [LoopMetrics]
  private let mailboxes: [Mailbox<WorkerMessage>]
  private let running = Atomic<Int>(0)
  private let plan: Plan
  private let log: AccessLog?
  private let events: EventStream?
  private let needs: @Sendable (Need) -> Void
  private let live: Mutex<LiveDirectory?>

  /// Prepares `workers` loops; nothing listens yet.
  ///
  /// `needs` has to see to it that each need it is given is settled in its time.
  public init(
    plan: Plan, workers: Int, metrics: [LoopMetrics], log: AccessLog?,
    events: EventStream? = nil, live: LiveDirectory? = nil,
    needs: @escaping @Sendable (Need) -> Void = { $0.settle(.failed("nobody gets it")) }
  ) throws(SystemError) {
    self.needs = needs
    self.live = Mutex(live)
    self.plan = plan
    self.log = log
    self.events = events
    self.metrics = metrics
    var boxes: [Mailbox<WorkerMessage>] = []
    for _ in 0..<workers { boxes.append(try Mailbox()) }
    mailboxes = boxes
  }

  /// Opens all sockets and starts the threads; an address that cannot be had is thrown here, and
  /// then nothing has started. Where another process has handed sockets over, those are taken.
  public func start(inheriting inherited: InheritedListeners? = nil) throws(SystemError) {
    // Each loop opens its own sockets on its own thread; whether that will work is tried here, and
    // not shared: of two gateways on one port each would have half of the requests, and of the
    // limits.
    for listener in plan.listeners where inherited?.has(listener.bind) != true {
      Socket.close(
        try Socket.listen(listener.bind.address, port: listener.bind.port, isShared: false))
    }
    for index in mailboxes.indices {
      running.add(1, ordering: .relaxed)
      let (mailbox, metrics) = (mailboxes[index], metrics[index])
      try Thread.start(named: "gatehouse-\(index)") { [self] in
        serve(index, mailbox, metrics, inherited)
        running.subtract(1, ordering: .releasing)
      }
    }
  }

  private func serve(
    _ number: Int, _ mailbox: Mailbox<WorkerMessage>, _ metrics: LoopMetrics,
    _ inherited: InheritedListeners?
  ) {
    do throws(SystemError) {
      let worker = try Worker(
        plan: plan, mailbox: mailbox, metrics: metrics, log: log,
        events: events.map { EventBuffer($0, worker: number) }, live: live.withLock { $0 },
        share: mailboxes.count, needs: needs)
      try worker.listen(inherited, number: number)
      listening.add(1, ordering: .releasing)
      worker.run()
    } catch {
      ErrorLog.error("a loop could not start: \(error)")
    }
  }

  private let listening = Atomic<Int>(0)

  /// Whether every loop listens.
  public var isReady: Bool { listening.load(ordering: .acquiring) == mailboxes.count }

  /// Whether no loop runs any more.
  public var isStopped: Bool { running.load(ordering: .acquiring) == 0 }

  /// Puts a new plan in force, and an access log in the place of the one before, or the same.
  public func adopt(_ plan: Plan, log: AccessLog?) {
    for mailbox in mailboxes { mailbox.post(.adopt(plan, log)) }
  }

  /// Has the loops use these consumers and keys of the store from now on.
  public func adopt(_ live: LiveDirectory) {
    self.live.withLock { $0 = live }
    for mailbox in mailboxes { mailbox.post(.live(live)) }
  }

  /// Asks all loops for copies of their listening sockets.
  public func offer() throws(SystemError) -> OfferedListeners {
    let offered = try OfferedListeners(loops: mailboxes.count)
    for mailbox in mailboxes { mailbox.post(.offer(offered)) }
    return offered
  }

  /// Another process has the listening sockets: finishes what is under way, without haste. Waits
  /// until all loops know, and have handed their events over.
  public func leave(waitingMilliseconds: Int) {
    for mailbox in mailboxes { mailbox.post(.leave) }
    // Messages are taken in their order.
    guard let offered = try? offer() else { return }
    _ = offered.wait(milliseconds: waitingMilliseconds)
    offered.close()
  }

  /// Finishes what is under way and stops; called a second time, stops at once.
  public func drain() { for mailbox in mailboxes { mailbox.post(.drain) } }
}
