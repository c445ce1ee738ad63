import Gateway
import Synchronization
import Telemetry

/// What the admin service tells of the running gateway; asked from any loop.
final class GatewayStatus: Sendable {
  private let metrics: [LoopMetrics]
  private let log: AccessLog?
  private let ready = Atomic<Bool>(false)
  private let routes = Atomic<Int>(0)

  init(metrics: [LoopMetrics], log: AccessLog?) {
    self.metrics = metrics
    self.log = log
  }

  var isReady: Bool { ready.load(ordering: .acquiring) }

  func becameReady() { ready.store(true, ordering: .releasing) }

  /// No more requests are wanted.
  func draining() { ready.store(false, ordering: .releasing) }

  func adopt(_ plan: Plan) { routes.store(plan.routes.count, ordering: .relaxed) }

  func exposition() -> [UInt8] {
    var text = Exposition(metrics)
    return text.render(
      dropped: log?.droppedLines ?? 0, routes: routes.load(ordering: .relaxed))
  }
}
