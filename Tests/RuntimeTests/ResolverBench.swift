import Base
import Synchronization
import Testing

@testable import Runtime

/// A resolver that asks a test's name server, with a clock that the test can move on.
final class ResolverBench: Sendable {
  let server: NameServer
  let resolver: Resolver
  private let shifted: Shift
  private let reported: Reports

  final class Shift: Sendable {
    private let milliseconds = Mutex(0)
    func add(_ more: Int) { milliseconds.withLock { $0 += more } }
    var now: Instant { Resolver.monotonicNow().adding(milliseconds: milliseconds.withLock { $0 }) }
  }

  final class Reports: Sendable {
    private let all = Mutex<[ResolverReport]>([])
    func append(_ report: ResolverReport) { all.withLock { $0.append(report) } }
    var list: [ResolverReport] { all.withLock { $0 } }
  }

  init(
    pendingMax: Int = 1024, before: [ResolverServer] = [],
    _ adapt: (inout ResolverConfiguration) -> Void = { _ in },
    _ react: @escaping @Sendable (NameServer.Query) -> NameServer.Reaction
  ) throws {
    let (server, shift, reports) = (NameServer(react), Shift(), Reports())
    var configuration = ResolverConfiguration(
      servers: .fixed(before + [server.server]), hostsPath: nil)
    adapt(&configuration)
    self.server = server
    (shifted, reported) = (shift, reports)
    resolver = try Resolver(
      configuration, clock: { shift.now }, pendingMax: pendingMax,
      report: { reports.append($0) })
  }

  deinit {
    resolver.close()
    server.stop()
  }

  var now: Instant { shifted.now }
  var reports: [ResolverReport] { reported.list }
  func pass(milliseconds: Int) { shifted.add(milliseconds) }

  func resolve(_ name: String) async throws -> Result<ResolverAnswer, ResolverError> {
    let host = try #require(HostAddress(name))
    return try await withCheckedThrowingContinuation { continuation in
      do throws(ResolverError) {
        try resolver.resolve(host) { continuation.resume(returning: $0) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// The addresses of `name` as text, or an error.
  func addresses(_ name: String) async throws -> [String] {
    try await resolve(name).get().addresses.map(\.description)
  }

  /// Waits until `condition` holds, and fails the test after thirty seconds.
  func until(_ condition: () -> Bool) async throws {
    let end = Resolver.monotonicNow().adding(milliseconds: 30_000)
    while !condition() {
      try #require(Resolver.monotonicNow() < end, "the condition never held")
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}
