import Base
import Blueprint
import Demo
import Gateway
import PolicyKit
import Runtime
import Telemetry

extension DemoCommand {
  func run(in surroundings: Surroundings) -> Int32 {
    Signals.block()
    do throws(SystemError) {
      let server = try GatewayServer(
        plan: plan, workers: 1, metrics: [LoopMetrics()], log: nil)
      try server.start()
      surroundings.complain("gatehouse demo: listening on \(bind)\n")
      while !server.isStopped {
        if Signals.wait(milliseconds: 200) == .terminate { server.drain() }
      }
      return 0
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      return 1
    }
  }

  /// One listener, all of whose requests go to the demo.
  private var plan: Plan {
    let service = PlanService(
      index: 0, name: "demo", targets: [], responder: DemoResponder())
    let route = PlanRoute(
      index: 0, name: "demo", service: service, policies: [], timeouts: TimeoutsBlueprint(),
      stripCount: 0)
    let listener = PlanListener(bind: bind, tls: nil, trustedHops: [], admin: route)
    return Plan(
      router: Router([]), routes: [route], services: [service], listeners: [listener],
      limits: Limits(), directory: ConsumerDirectory(consumers: [], credentials: []))
  }
}
