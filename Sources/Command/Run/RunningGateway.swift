import Base
import Blueprint
import Control
import Detection
import Events
import Formats
import Gateway
import HTTP
import PolicyKit
import Runtime
import Storage
import TLS
import Telemetry

/// The gateway as it runs: takes signals and changes of the file, one at a time, on one thread.
final class RunningGateway {
  /// So many errors of a file are told; `gatehouse check` tells all.
  private static let findingsMax = 50
  /// How long the first answers of issuers are waited for, in milliseconds, before it says ready.
  private static let documentsMilliseconds = 3_000

  /// How often records that have ceased to be are removed from the store, in milliseconds.
  private static let tidyMilliseconds = 60_000

  private let path: String
  private let surroundings: Surroundings
  private let retained: RetainedState
  private let server: GatewayServer
  private let log = AccessLogKeeper()
  private let events: EventKeeper
  private let detection: DetectionKeeper
  private let tickets: TicketKeeper
  private let names: NameKeeper
  private let health = HealthKeeper()
  private let documents: DocumentKeeper
  private let needs: NeedKeeper
  private let admin: AdminService
  private let status: GatewayStatus
  private let counted: CountedNames
  private let store: RunningStore?
  private let rules: AdminRulesBox
  private var nextTidying = Instant(nanoseconds: 0)
  private var stamp: SystemFile.Stamp?
  private let succession: Succession
  /// By which the events are opened once the process before has let go of them.
  private var waitingEvents: Configuration?

  init(
    _ configuration: Configuration, path: String, surroundings: Surroundings,
    retained: RetainedState, takingOver before: TakeOver? = nil
  ) throws {
    self.path = path
    self.surroundings = surroundings
    self.retained = retained
    stamp = SystemFile.stamp(path)
    succession = try Succession(configuration.blueprint, path: path, before: before)
    let clients = OutboundClients()
    documents = DocumentKeeper(clients)
    let needs = NeedKeeper(clients)
    self.needs = needs
    tickets = try TicketKeeper()
    names = try NameKeeper()
    try log.change(to: configuration.blueprint.logging.access, beside: path)
    let events = EventKeeper(configuration.blueprint.events)
    self.events = events
    waitingEvents = before == nil ? nil : configuration
    if before == nil { try RunningGateway.open(events, configuration, beside: path) }
    let bans = BanResponse(book: retained.object(BanBook.key) { BanBook() })
    let detection = DetectionKeeper(events.stream, responses: [.ban: bans])
    self.detection = detection
    try detection.change(to: configuration, beside: path)
    let workers = configuration.blueprint.workers ?? ProcessLimits.cores
    let counted = CountedNames(for: configuration.blueprint)
    self.counted = counted
    let metrics = (0..<workers).map { _ in counted.metrics() }
    let status = GatewayStatus(
      metrics: metrics, log: log, names: counted, needs: needs, events: events,
      detection: detection)
    RunningGateway.setLevel(configuration.blueprint.logging.errorLevel)
    self.status = status
    events.tell(metrics: { status.exposition() })
    let folder = Folder(of: path)
    let rules = AdminRulesBox(configuration.blueprint)
    self.rules = rules
    store = try configuration.blueprint.store.map {
      try RunningStore(
        $0, configuration, folder: folder, retained: retained,
        detection: { detection.engine }, rules: { rules.current }, caches: { status.caches })
    }
    if store == nil {
      retained.object(BanBook.key) { BanBook() }.open(isStored: false) { ban in
        ErrorLog.notice("ban: \(ban.target.text) is kept out: \(ban.reason)")
      }
    }
    admin = AdminService(
      isReady: { status.isReady }, metrics: { status.exposition() }, api: store?.api,
      rules: { rules.current })
    let plan = try PlanBuilder(
      configuration: configuration, tickets: tickets, admin: admin,
      identity: store?.identity?.service, names: counted,
      counters: status.counters
    ).build()
    status.adopt(plan, configuration)
    names.keep(plan)
    health.keep(plan)
    documents.keep(configuration.policies)
    server = try GatewayServer(
      plan: plan, workers: workers, metrics: metrics, log: log.current, events: events.stream,
      live: store?.live,
      needs: { [needs] need in needs.begin(need) })
    store?.serve(server)
    try tellSetupSecret()
  }

  private func tellSetupSecret() throws {
    guard let secret = try store?.setupSecret() else { return }
    surroundings.complain(
      "gatehouse: there is no administrator yet. Within an hour, once: "
        + "gatehouse admin setup NAME\ngatehouse: setup secret: \(secret)\n")
  }

  private static func setLevel(_ level: LoggingBlueprint.Level) {
    switch level {
    case .debug: ErrorLog.setLevel(.debug)
    case .info: ErrorLog.setLevel(.info)
    case .notice: ErrorLog.setLevel(.notice)
    case .warning: ErrorLog.setLevel(.warning)
    case .error: ErrorLog.setLevel(.error)
    }
  }

  /// Serves until SIGTERM; returns the status to end with.
  func serve() -> Int32 {
    guard begin() else { return 1 }
    var isStopping = false
    while !(isStopping && server.isStopped) {
      switch Signals.wait(milliseconds: isStopping ? 20 : 500) {
      case .terminate:
        if !succession.hasLeft { SystemNotice.stopping() }
        status.draining()
        server.drain()
        isStopping = true
      case .reload: if !succession.hasLeft { reload() }
      case .reopen:
        log.reopen()
        ErrorLog.info("the access log is opened again")
      case .replace: succession.startNext()
      case nil: if isStopping { needs.expire(now: Clock.monotonic) } else { look() }
      }
      if succession.hasLeft { isStopping = true }
    }
    succession.close()
    store?.keepUsage()
    log.close()
    events.close()
    ErrorLog.settle(atEnd: true)
    return 0
  }

  /// Listens, and takes over what another process has; false if that cannot be.
  private func begin() -> Bool {
    let end = Clock.monotonic.adding(milliseconds: RunningGateway.documentsMilliseconds)
    // The process before serves meanwhile: nobody has to wait, and nobody is refused for want of an
    // address.
    if succession.isTakingOver {
      RunningGateway.wait { names.isWaiting && Clock.monotonic < end }
    }
    do throws(SystemError) {
      try server.start(inheriting: succession.inherited)
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return false
    }
    RunningGateway.wait {
      // What is known of one document may lead to the next.
      documents.refresh(now: Clock.monotonic)
      return !server.isStopped
        && (!server.isReady || (documents.isWaiting && Clock.monotonic < end))
    }
    if server.isStopped { return false }
    status.becameReady()
    if succession.isTakingOver {
      succession.finish()
      openEvents()
    }
    succession.offer(server) { [status, server, events] in
      status.draining()
      server.leave(waitingMilliseconds: RunningGateway.documentsMilliseconds)
      events.release()
    }
    surroundings.complain("gatehouse: ready\n")
    SystemNotice.ready()
    return true
  }

  /// Asks again and again, a millisecond apart.
  private static func wait(while isWaiting: () -> Bool) {
    while isWaiting() { Thread.sleep(milliseconds: 1) }
  }

  private static func open(
    _ events: EventKeeper, _ configuration: Configuration, beside path: String
  ) throws(EventsError) {
    try events.change(
      to: configuration.blueprint.events, masking: configuration.blueprint.logging.access.mask,
      beside: path)
  }

  /// Opens what the process before had until now; what cannot be had is tried again.
  private func openEvents() {
    guard let configuration = waitingEvents else { return }
    do throws(EventsError) {
      try RunningGateway.open(events, configuration, beside: path)
      waitingEvents = nil
    } catch {
      ErrorLog.error("\(error); this is tried again")
    }
  }

  /// What is done while nothing happens: names, ticket keys, and whether the file has changed.
  private func look() {
    ErrorLog.settle()
    names.refresh(now: Clock.monotonic)
    health.refresh(now: Clock.monotonic)
    documents.refresh(now: Clock.monotonic)
    needs.expire(now: Clock.monotonic)
    tickets.refresh()
    openEvents()
    succession.look()
    if let store, Clock.monotonic >= nextTidying {
      nextTidying = Clock.monotonic.adding(milliseconds: RunningGateway.tidyMilliseconds)
      store.tidy()
    }
    let now = SystemFile.stamp(path)
    if now != nil, now != stamp { reload() }
  }

  /// Loads the file again; one with errors changes nothing.
  private func reload() {
    stamp = SystemFile.stamp(path)
    let (configuration, diagnostics) = ConfigurationFile.load(
      path: path, in: surroundings, retained: retained)
    for finding in diagnostics.sorted.prefix(RunningGateway.findingsMax) {
      let isError = finding.severity == .error
      if isError { ErrorLog.error("\(finding)") } else { ErrorLog.warning("\(finding)") }
    }
    guard let configuration else {
      status.reloaded(isTaken: false)
      return ErrorLog.error(
        "the configuration is not taken over, errors: \(diagnostics.errorCount); "
          + "the one before goes on")
    }
    do {
      try adopt(configuration)
      status.reloaded(isTaken: true)
      ErrorLog.notice("configuration reloaded: \(configuration.blueprint.summary)")
    } catch {
      status.reloaded(isTaken: false)
      ErrorLog.error("\(error); the configuration before goes on")
    }
  }

  /// Puts a configuration in force; one that cannot be had changes nothing.
  private func adopt(_ configuration: Configuration) throws {
    let logging = configuration.blueprint.logging
    if configuration.blueprint.identity != nil, store?.identity == nil {
      throw StoreError.unusable("'identity' is new: it begins with a restart")
    }
    let plan = try PlanBuilder(
      configuration: configuration, tickets: tickets, admin: admin,
      identity: store?.identity?.service, names: counted,
      counters: status.counters
    ).build()
    try log.change(to: logging.access, beside: path)
    try events.change(
      to: configuration.blueprint.events, masking: logging.access.mask, beside: path)
    waitingEvents = nil
    try detection.change(to: configuration, beside: path)
    names.keep(plan)
    health.keep(plan)
    documents.keep(configuration.policies)
    status.adopt(plan, configuration)
    rules.set(configuration.blueprint)
    store?.adopt(configuration, folder: Folder(of: path))
    store?.identity?.adopt(configuration.blueprint)
    RunningGateway.setLevel(logging.errorLevel)
    server.adopt(plan, log: log.current)
  }
}

extension Blueprint {
  /// What there is of what, for a message.
  fileprivate var summary: String {
    let routes = services.reduce(0) { $0 + $1.routes.count }
    return "\(listeners.count) listeners, \(services.count) services, \(routes) routes"
  }
}
