import Blueprint
import Crypto
import Gateway
import Runtime
import Synchronization
import Telemetry

/// What the admin service tells of the running gateway; asked from any loop.
final class GatewayStatus: Sendable {
  private let metrics: [LoopMetrics]
  private let log: AccessLog?
  private let ready = Atomic<Bool>(false)
  private let routes = Atomic<Int>(0)
  private let certificates = Mutex<[CertificateExpiry]>([])
  private let reloads = Mutex(ReloadCounts())
  private let routeNumbers: MetricNames
  private let serviceNumbers: MetricNames

  init(
    metrics: [LoopMetrics], log: AccessLog?, routeNumbers: MetricNames,
    serviceNumbers: MetricNames
  ) {
    self.metrics = metrics
    self.log = log
    self.routeNumbers = routeNumbers
    self.serviceNumbers = serviceNumbers
  }

  var isReady: Bool { ready.load(ordering: .acquiring) }

  func becameReady() { ready.store(true, ordering: .releasing) }

  /// No more requests are wanted.
  func draining() { ready.store(false, ordering: .releasing) }

  /// Tells of the configuration that runs now.
  func adopt(_ plan: Plan, _ configuration: Configuration) {
    routes.store(plan.routes.count, ordering: .relaxed)
    let used = GatewayStatus.certificates(of: configuration)
    certificates.withLock { $0 = used }
    reloads.withLock { $0.lastSuccessUnixSeconds = Clock.wallMilliseconds / 1000 }
  }

  /// The configuration was read again.
  func reloaded(isTaken: Bool) {
    reloads.withLock { counts in
      if isTaken { counts.succeeded += 1 } else { counts.failed += 1 }
    }
  }

  private static func certificates(of configuration: Configuration) -> [CertificateExpiry] {
    let blueprint = configuration.blueprint
    var expiries: [CertificateExpiry] = []
    for (listener, loaded) in zip(blueprint.listeners, configuration.credentials.listeners) {
      for (place, certificate) in (loaded?.certificates ?? []).enumerated() {
        expiries.append(
          CertificateExpiry(
            name: "listener \(listener.bind) \(place)",
            notAfter: certificate.certificate.notAfterUnixSeconds))
      }
    }
    return expiries
  }

  func exposition() -> [UInt8] {
    var text = Exposition(metrics)
    text.routes = routeNumbers
    text.services = serviceNumbers
    text.version = Gatehouse.version
    text.reloads = reloads.withLock { $0 }
    text.certificates = certificates.withLock { $0 }
    return text.render(
      dropped: log?.droppedLines ?? 0, routes: routes.load(ordering: .relaxed))
  }
}
