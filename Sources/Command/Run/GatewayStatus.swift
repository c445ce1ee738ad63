import Blueprint
import Crypto
import Gateway
import PolicyKit
import Runtime
import Synchronization
import Telemetry

/// What the admin service tells of the running gateway; asked from any loop.
final class GatewayStatus: Sendable {
  private let metrics: [LoopMetrics]
  private let log: AccessLogKeeper
  private let names: CountedNames
  private let needs: NeedKeeper
  /// What all loops tell of the store of shared counts.
  let counters = CounterStatus()
  private let events: EventKeeper
  private let detection: DetectionKeeper
  private let ready = Atomic<Bool>(false)
  private let routes = Atomic<Int>(0)
  private let certificates = Mutex<[CertificateExpiry]>([])
  private let kept = Mutex<[(service: String, cache: ResponseCache)]>([])
  private let reloads = Mutex(ReloadCounts())
  private let startUnixSeconds = Clock.wallMilliseconds / 1000

  init(
    metrics: [LoopMetrics], log: AccessLogKeeper, names: CountedNames, needs: NeedKeeper,
    events: EventKeeper, detection: DetectionKeeper
  ) {
    self.detection = detection
    self.events = events
    self.needs = needs
    self.metrics = metrics
    self.log = log
    self.names = names
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
    var caches: [(service: String, cache: ResponseCache)] = []
    for route in plan.routes {
      guard let cache = route.cache, !caches.contains(where: { $0.cache === cache }) else {
        continue
      }
      caches.append((service: route.service.name, cache: cache))
    }
    let all = caches
    kept.withLock { $0 = all }
    reloads.withLock { $0.lastSuccessUnixSeconds = Clock.wallMilliseconds / 1000 }
  }

  /// The configuration was read again.
  func reloaded(isTaken: Bool) {
    reloads.withLock { counts in
      counts.isCurrent = isTaken
      if isTaken { counts.succeeded += 1 } else { counts.failed += 1 }
    }
  }

  /// Those that the gateway shows, to clients and to upstreams.
  private static func certificates(of configuration: Configuration) -> [CertificateExpiry] {
    let (blueprint, credentials) = (configuration.blueprint, configuration.credentials)
    var expiries: [CertificateExpiry] = []
    for (listener, loaded) in zip(blueprint.listeners, credentials.listeners) {
      for (place, certified) in (loaded?.certificates ?? []).enumerated() {
        expiries.append(
          CertificateExpiry(
            name: "listener \(listener.bind) \(place)",
            notAfter: certified.certificate.notAfterUnixSeconds))
      }
    }
    for (service, loaded) in zip(blueprint.services, credentials.upstreams) {
      guard let certified = loaded.certificate else { continue }
      expiries.append(
        CertificateExpiry(
          name: "service \(service.name)", notAfter: certified.certificate.notAfterUnixSeconds))
    }
    return expiries
  }

  /// What the routes keep of their responses, by service.
  var caches: [(service: String, cache: ResponseCache)] { kept.withLock { $0 } }

  func exposition() -> [UInt8] {
    var text = Exposition(metrics)
    (text.routes, text.services, text.upstreams) = (names.routes, names.services, names.upstreams)
    (text.consumers, text.policyNames) = (names.consumers, names.policies)
    text.version = Gatehouse.version
    text.startUnixSeconds = startUnixSeconds
    text.reloads = reloads.withLock { $0 }
    text.certificates = certificates.withLock { $0 }
    text.needs = needs.counts
    text.counters = CounterCounts(
      answered: counters.answeredCount, unanswered: counters.unansweredCount,
      failures: counters.failureCount, connected: UInt64(max(0, counters.connectedCount)))
    text.events = events.counts
    text.cacheSizes = caches.map { (bytes: $0.cache.size.bytes, bytesMax: $0.cache.bytesMax) }
    text.alerts = detection.counts
    text.droppedLines = log.droppedLines
    text.routeCount = routes.load(ordering: .relaxed)
    text.now = Clock.monotonic
    return text.render()
  }
}
