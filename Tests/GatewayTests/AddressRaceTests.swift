import Base
import Blueprint
import Foundation
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Testing

@testable import Gateway

/// A name with several addresses of which some are dead.
@Suite(.serialized) struct AddressRaceTests {
  private struct Hello: Responder {
    func respond(to request: ServiceRequest) -> ServiceResponse {
      ServiceResponse(status: 200, fields: [], body: Array("hello".utf8))
    }
  }

  private func server(
    _ port: UInt16, _ targets: [UpstreamTarget], _ responder: (any Responder)? = nil,
    connectMilliseconds: Int = 3000
  ) throws -> GatewayServer {
    var timeouts = TimeoutsBlueprint()
    timeouts.connectMilliseconds = connectMilliseconds
    var keepAlive = KeepAliveBlueprint()
    keepAlive.idleMax = 0
    let service = PlanService(
      index: 0, name: "s", targets: targets, responder: responder,
      keepAlive: keepAlive)
    let planned = PlanRoute(
      index: 0, name: "r", service: service, policies: [], timeouts: timeouts, stripCount: 0)
    let bind = try #require(BindAddress("127.0.0.1:\(port)"))
    let listener = PlanListener(bind: bind, tls: nil, trustedHops: [], admin: nil)
    let plan = Plan(
      router: try router([route()]), routes: [planned], services: [service],
      listeners: [listener], limits: Limits(),
      directory: ConsumerDirectory(consumers: [], credentials: []))
    let server = try GatewayServer(plan: plan, workers: 1, metrics: [LoopMetrics()], log: nil)
    try server.start()
    while !server.isReady { sched_yield() }
    return server
  }

  private func target(_ port: UInt16, _ addresses: [String]) throws -> UpstreamTarget {
    let target = UpstreamTarget(
      index: 0, host: "upstream.test", address: nil, port: port, isSecure: false, weight: 1,
      serverName: nil)
    target.update(try addresses.map { try #require(IPAddress($0)) })
    return target
  }

  /// Status and seconds of one request.
  private func fetch(_ port: UInt16) throws -> (status: String, seconds: Double) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/curl")
    process.arguments = [
      "-s", "-o", "/dev/null", "-m", "10", "-w", "%{http_code} %{time_total}",
      "http://127.0.0.1:\(port)/",
    ]
    process.standardOutput = pipe
    try process.run()
    process.waitUntilExit()
    let text = String(
      decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let words = text.split(separator: " ")
    return (String(words[0]), Double(words[1]) ?? 0)
  }

  @Test func `A dead first address costs one short wait, and only once`() throws {
    let dead = try DeadAddress(last: 2)
    let upstream = try server(dead.port, [], Hello())
    let goal = try target(dead.port, ["127.0.0.2", "127.0.0.1"])
    let port = try DeadAddress.freePort()
    let front = try server(port, [goal])
    let first = try fetch(port)
    #expect(first.status == "200")
    #expect((0.1..<1.0).contains(first.seconds))
    for _ in 0..<5 {
      let next = try fetch(port)
      #expect(next.status == "200")
      #expect(next.seconds < 0.15)
    }
    // The resolver's next answer has the old order; what works stays in front.
    goal.update([try #require(IPAddress("127.0.0.2")), try #require(IPAddress("127.0.0.1"))])
    #expect(try fetch(port).seconds < 0.15)
    front.drain()
    upstream.drain()
  }

  @Test func `An address that refuses is passed over at once`() throws {
    let hold = try DeadAddress(last: 2)
    let upstream = try server(hold.port, [], Hello())
    let port = try DeadAddress.freePort()
    let front = try server(port, [try target(hold.port, ["127.0.0.3", "127.0.0.4", "127.0.0.1"])])
    let answer = try fetch(port)
    #expect(answer.status == "200")
    #expect(answer.seconds < 0.15)
    front.drain()
    upstream.drain()
  }

  @Test func `With no address alive the client is told in time`() throws {
    let dead = try DeadAddress(last: 2)
    let other = try DeadAddress(last: 3, port: dead.port)
    let port = try DeadAddress.freePort()
    let front = try server(
      port, [try target(dead.port, ["127.0.0.2", "127.0.0.3", "127.0.0.4"])],
      connectMilliseconds: 600)
    let answer = try fetch(port)
    #expect(answer.status == "502")
    #expect((0.5..<3).contains(answer.seconds))
    front.drain()
    withExtendedLifetime(other) {}
  }
}
