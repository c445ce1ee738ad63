import Base
import Blueprint
import Formats
import Foundation
import HTTP
import PolicyKit
import Runtime
import Synchronization
import Telemetry
import Testing

@testable import Gateway

/// Exchanges that wait for what a policy lacks.
@Suite(.serialized) struct WaitingTests {
  private struct Echo: Responder {
    func respond(to request: ServiceRequest) -> ServiceResponse {
      ServiceResponse(status: 200, fields: [], body: Array(request.path.utf8) + request.body)
    }
  }

  /// Lacks one fact for all paths below `/slow`, and one anew each time for `/never`.
  private final class Asking: RequestPolicy, BodyPolicy {
    static let manifest = PolicyManifest(
      name: "asking", stage: .authorization, summary: "", options: [])
    let current = Mutex<Need?>(nil)
    let asksForContent: Bool

    init(_ settings: inout Settings, at site: PolicySite) { asksForContent = false }
    init(forContent: Bool) { asksForContent = forContent }

    func review(_ exchange: inout Exchange) -> Verdict {
      asksForContent ? .proceed : decide(exchange)
    }

    func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
      asksForContent ? decide(exchange) : .proceed
    }

    private func decide(_ exchange: borrowing Exchange) -> Verdict {
      let path = exchange.request.fields.text(exchange.request.path)
      if path == "/never" { return .wait(for: need(0, settled: true)) }
      guard path.hasPrefix("/slow") else { return .proceed }
      switch exchange.outcome(of: ObjectIdentifier(self), about: (1, 0, 0, 0)) {
      case .value: return .proceed
      case .response, .failed: return .deny(Denial(.upstreamUnavailable, reason: "unknown"))
      case nil: break
      }
      return .wait(
        for: current.withLock { held in
          if let held { return held }
          let made = need(1, settled: false)
          held = made
          return made
        })
    }

    private func need(_ subject: UInt64, settled: Bool) -> Need {
      let need = Need(
        owner: ObjectIdentifier(self), subject: (subject, 0, 0, 0), work: .computation { true },
        milliseconds: 1000)
      if settled { need.settle(.value(true)) }
      return need
    }
  }

  private final class Bench {
    let port: UInt16
    let policy: Asking
    let server: GatewayServer
    let begun = Counter()

    init(forContent: Bool = false) throws {
      port = try DeadAddress.freePort()
      policy = Asking(forContent: forContent)
      let service = PlanService(index: 0, name: "s", targets: [], responder: Echo())
      let planned = PlanRoute(
        index: 0, name: "r", service: service, policies: [policy],
        timeouts: TimeoutsBlueprint(), stripCount: 0)
      let bind = try #require(BindAddress("127.0.0.1:\(port)"))
      let plan = Plan(
        router: try router([route()]), routes: [planned], services: [service],
        listeners: [PlanListener(bind: bind, tls: nil, trustedHops: [], admin: nil)],
        limits: Limits(), directory: ConsumerDirectory(consumers: [], credentials: []))
      server = try GatewayServer(
        plan: plan, workers: 1, metrics: [LoopMetrics()], log: nil,
        needs: { [begun] _ in begun.add() })
      try server.start()
      while !server.isReady { sched_yield() }
    }

    deinit {
      server.drain()
      server.drain()
    }

    /// Begins a request; `answer` of it waits for its end.
    func begin(_ path: String, _ words: [String] = []) throws -> (Process, Pipe) {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/curl")
      process.arguments =
        ["-s", "-m", "20", "-w", " %{http_code}"] + words + ["http://127.0.0.1:\(port)\(path)"]
      process.standardOutput = pipe
      try process.run()
      return (process, pipe)
    }

    func answer(_ begun: (process: Process, pipe: Pipe)) throws -> String {
      let text = try begun.pipe.fileHandleForReading.readToEnd() ?? Data()
      begun.process.waitUntilExit()
      return String(decoding: text, as: UTF8.self)
    }

    func settle(_ outcome: Need.Outcome) throws {
      let deadline = Date().addingTimeInterval(10)
      while begun.value == 0, Date() < deadline { sched_yield() }
      let need = try #require(policy.current.withLock { $0 })
      need.settle(outcome)
    }
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    func add() { count.add(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
  }

  @Test func `Those that wait for one fact share one fetch, and hold nobody else up`() throws {
    let bench = try Bench()
    let slow = try (0..<5).map { try bench.begin("/slow\($0)") }
    for _ in 0..<3 {
      #expect(try bench.answer(try bench.begin("/fast", ["-d", "hello"])) == "/fasthello 200")
    }
    try bench.settle(.value(true))
    for (number, begun) in slow.enumerated() {
      #expect(try bench.answer(begun) == "/slow\(number) 200")
    }
    #expect(bench.begun.value == 1)
  }

  @Test(arguments: [false, true])
  func `Content waits as well, and arrives whole`(isAboutContent: Bool) throws {
    let bench = try Bench(forContent: isAboutContent)
    let large = String(repeating: "x", count: 120_000)
    let words = [
      ["-d", large], ["-d", large, "-H", "Transfer-Encoding: chunked"],
      ["-d", "", "-H", "Transfer-Encoding: chunked"], ["-d", ""], [],
    ]
    let begun = try words.map { try bench.begin("/slow", $0) }
    try bench.settle(.value(true))
    let answers = try begun.map { try bench.answer($0) }
    let whole = "/slow\(large) 200"
    #expect(answers == [whole, whole, "/slow 200", "/slow 200", "/slow 200"])
  }

  @Test func `What cannot be had is told to the policy, which decides`() throws {
    let bench = try Bench()
    let begun = try bench.begin("/slow", ["-o", "/dev/null", "-d", "content"])
    try bench.settle(.failed("nobody knows"))
    #expect(try bench.answer(begun) == " 503")
  }

  @Test func `A policy that never has enough ends with a refusal`() throws {
    let bench = try Bench()
    #expect(try bench.answer(try bench.begin("/never", ["-o", "/dev/null"])) == " 503")
  }

  @Test func `A client that leaves takes nobody else's answer`() throws {
    let bench = try Bench()
    let gone = try bench.begin("/slow", ["-m", "0.3"])
    _ = try bench.answer(gone)
    let stays = try bench.begin("/slow-too")
    #expect(try bench.answer(try bench.begin("/fast")) == "/fast 200")
    try bench.settle(.value(true))
    #expect(try bench.answer(stays) == "/slow-too 200")
    #expect(try bench.answer(try bench.begin("/fast")) == "/fast 200")
  }

  @Test func `A drain waits for those that wait`() throws {
    let bench = try Bench()
    let begun = try bench.begin("/slow")
    let deadline = Date().addingTimeInterval(10)
    while bench.begun.value == 0, Date() < deadline { sched_yield() }
    bench.server.drain()
    #expect(!bench.server.isStopped)
    try bench.settle(.value(true))
    #expect(try bench.answer(begun) == "/slow 200")
    while !bench.server.isStopped, Date() < deadline { sched_yield() }
    #expect(bench.server.isStopped)
  }
}
