import Base
import Blueprint
import Control
import Formats
import Gateway
import HTTP
import PolicyKit
import Runtime
import TLS
import Telemetry

/// The gateway as it runs: takes signals and changes of the file, one at a time, on one thread.
final class RunningGateway {
  /// Routes, or services, that are counted one by one; further ones share a count.
  private static let countedMax = 4096

  private let path: String
  private let surroundings: Surroundings
  private let retained: RetainedState
  private let server: GatewayServer
  private let log: AccessLog?
  private let tickets: TicketKeyRing
  private let names: NameKeeper
  private let admin: AdminService
  private let status: GatewayStatus
  private let routeNumbers: MetricNames
  private let serviceNumbers: MetricNames
  private var stamp: SystemFile.Stamp?

  init(
    _ configuration: Configuration, path: String, surroundings: Surroundings,
    retained: RetainedState
  ) throws {
    self.path = path
    self.surroundings = surroundings
    self.retained = retained
    stamp = SystemFile.stamp(path)
    tickets = try TicketKeyRing(now: Clock.monotonic)
    names = try NameKeeper()
    log = try RunningGateway.accessLog(configuration.blueprint.logging.access, beside: path)
    let workers = configuration.blueprint.workers ?? ProcessLimits.cores
    let routeCount = configuration.blueprint.services.reduce(0) { $0 + $1.routes.count }
    let routes = MetricNames(capacity: min(routeCount + 256, RunningGateway.countedMax))
    let services = MetricNames(
      capacity: min(configuration.blueprint.services.count + 64, RunningGateway.countedMax))
    (routeNumbers, serviceNumbers) = (routes, services)
    let metrics = (0..<workers).map { _ in LoopMetrics(routes: routes, services: services) }
    let status = GatewayStatus(
      metrics: metrics, log: log, routeNumbers: routes, serviceNumbers: services)
    RunningGateway.setLevel(configuration.blueprint.logging.errorLevel)
    self.status = status
    admin = AdminService(
      isReady: { status.isReady }, metrics: { status.exposition() })
    let plan = try PlanBuilder(
      configuration: configuration, ticketKeys: tickets, admin: admin, routeNumbers: routes,
      serviceNumbers: services
    ).build()
    status.adopt(plan, configuration)
    names.keep(plan)
    server = try GatewayServer(plan: plan, workers: workers, metrics: metrics, log: log)
  }

  private static func accessLog(
    _ blueprint: AccessLogBlueprint, beside path: String
  ) throws -> AccessLog? {
    let format: AccessLogSettings.Format =
      switch blueprint.format {
      case .json: .json
      case .common: .common
      case .combined: .combined
      }
    var target: String?
    switch blueprint.target {
    case .off: return nil
    case .standardOutput: target = nil
    case .file(let text): target = Folder(of: path).path(text.string)
    }
    return try AccessLog(
      AccessLogSettings(
        path: target, format: format, rotateBytes: blueprint.rotation?.sizeBytes,
        rotateAgeSeconds: blueprint.rotation?.ageMilliseconds.map { $0 / 1000 },
        keep: blueprint.rotation?.keep ?? 7, mask: blueprint.mask))
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
    do throws(SystemError) {
      try server.start()
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
    while !server.isReady {
      if server.isStopped { return 1 }
      Thread.sleep(milliseconds: 1)
    }
    status.becameReady()
    surroundings.complain("gatehouse: ready\n")
    var isStopping = false
    while !(isStopping && server.isStopped) {
      switch Signals.wait(milliseconds: isStopping ? 20 : 500) {
      case .terminate:
        status.draining()
        server.drain()
        isStopping = true
      case .reload: reload()
      case .reopen: log?.reopen()
      case nil: if !isStopping { look() }
      }
    }
    log?.close()
    return 0
  }

  /// What is done while nothing happens: names, ticket keys, and whether the file has changed.
  private func look() {
    names.refresh(now: Clock.monotonic)
    _ = try? tickets.rotateIfDue(now: Clock.monotonic)
    let now = SystemFile.stamp(path)
    if now != nil, now != stamp { reload() }
  }

  /// Loads the file again; one with errors changes nothing.
  private func reload() {
    stamp = SystemFile.stamp(path)
    let (configuration, diagnostics) = ConfigurationFile.load(
      path: path, in: surroundings, retained: retained)
    let findings = diagnostics.description
    if !findings.isEmpty { surroundings.complain(findings + "\n") }
    guard let configuration else {
      surroundings.complain("gatehouse: configuration not changed\n")
      status.reloaded(isTaken: false)
      return
    }
    do throws(TLSSettingsError) {
      let plan = try PlanBuilder(
        configuration: configuration, ticketKeys: tickets, admin: admin,
        routeNumbers: routeNumbers, serviceNumbers: serviceNumbers
      ).build()
      names.keep(plan)
      status.adopt(plan, configuration)
      RunningGateway.setLevel(configuration.blueprint.logging.errorLevel)
      server.adopt(plan)
      status.reloaded(isTaken: true)
      surroundings.complain("gatehouse: configuration reloaded\n")
    } catch {
      status.reloaded(isTaken: false)
      surroundings.complain("gatehouse: \(error); configuration not changed\n")
    }
  }
}
