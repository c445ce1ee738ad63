import Base
import CLinux
import Synchronization
import Testing

@testable import Runtime

@Suite struct ResolverTests {
  @Test func `Both families are asked for and take turns in the answer`() async throws {
    let bench = try ResolverBench { query in
      .send([query.answer(["192.0.2.1", "192.0.2.2", "2001:db8::1"], ttl: query.isV4 ? 90 : 30)])
    }
    let answer = try await bench.resolve("api.example").get()
    #expect(answer.addresses.map(\.description) == ["2001:db8::1", "192.0.2.1", "192.0.2.2"])
    #expect(!answer.isStale)
    let seconds = answer.expires.since(bench.now) / 1_000_000_000
    #expect((28...30).contains(seconds), "the shorter TTL of the two counts")
  }

  @Test func `IPv4 comes first if the configuration says so`() async throws {
    let bench = try ResolverBench({ $0.firstFamily = .v4 }) { query in
      .send([query.answer(["192.0.2.1", "2001:db8::1"])])
    }
    #expect(try await bench.addresses("api.example") == ["192.0.2.1", "2001:db8::1"])
  }

  @Test func `An answer is used until its TTL has passed and not longer`() async throws {
    let bench = try ResolverBench { query in
      .send([query.answer(["192.0.2.\(query.number + 1)"], ttl: 60)])
    }
    #expect(try await bench.addresses("api.example") == ["192.0.2.1"])
    bench.pass(milliseconds: 55_000)
    #expect(try await bench.addresses("api.example") == ["192.0.2.1"])
    #expect(bench.server.count("api.example") == 2)
    bench.pass(milliseconds: 6_000)
    #expect(try await bench.addresses("api.example") == ["192.0.2.2"])
  }

  @Test(arguments: [(UInt32(0), UInt64(1)), (604_800, 3600), (0x8000_0001, 1)])
  func `A TTL is held between a second and an hour`(ttl: UInt32, seconds: UInt64) async throws {
    let bench = try ResolverBench { .send([$0.answer(["192.0.2.1"], ttl: ttl)]) }
    let before = bench.now
    let lasts = try await bench.resolve("api.example").get().expires.since(before)
    #expect((seconds * 1_000_000_000..<(seconds + 5) * 1_000_000_000).contains(lasts))
  }

  @Test func `Requests for one name share one look-up`() async throws {
    let bench = try ResolverBench { .hold($0.answer(["192.0.2.1"])) }
    async let first = bench.addresses("api.example")
    async let second = bench.addresses("API.example")
    try await bench.until { bench.server.heldCount == 2 }
    async let third = bench.addresses("api.example")
    // The two questions are held; a second look-up would show as more of them.
    #expect(bench.server.release() == 2)
    let all = try await [first, second, third]
    #expect(all == Array(repeating: ["192.0.2.1"], count: 3))
    #expect(bench.server.count("api.example") == 2)
  }

  @Test func `Many more names than are looked up at once all get their answer`() async throws {
    let bench = try ResolverBench { .send([$0.answer(["192.0.2.1", "2001:db8::1"])]) }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<300 {
        group.addTask { try await bench.addresses("host\(number).example").count }
      }
      for try await count in group { #expect(count == 2) }
    }
  }

  @Test func `A literal address and localhost are never asked for`() async throws {
    let bench = try ResolverBench { .send([$0.failure(3)]) }
    #expect(try await bench.addresses("192.0.2.7") == ["192.0.2.7"])
    #expect(try await bench.addresses("[2001:db8::7]") == ["2001:db8::7"])
    #expect(try await bench.addresses("localhost") == ["::1", "127.0.0.1"])
    #expect(try await bench.addresses("x.localhost.") == ["::1", "127.0.0.1"])
    #expect(bench.server.seen.isEmpty)
  }

  @Test func `The hosts file comes before the name server`() async throws {
    let path = "/tmp/gatehouse-hosts-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try write("# names\n10.0.0.5\tback.example  Back # b\n::5 back\nx back\n", to: path)
    // Safety: the path is a C string for the call.
    defer { _ = unsafe unlink(path) }
    let bench = try ResolverBench({ $0.hostsPath = path }) { .send([$0.answer(["192.0.2.1"])]) }
    #expect(try await bench.addresses("back") == ["::5", "10.0.0.5"])
    #expect(try await bench.addresses("back.example") == ["10.0.0.5"])
    #expect(bench.server.seen.isEmpty)
    #expect(try await bench.addresses("other.example") == ["192.0.2.1"])
  }

  @Test func `Beyond the limit requests are refused at once`() async throws {
    let bench = try ResolverBench(pendingMax: 2) { .hold($0.answer(["192.0.2.1"])) }
    async let first = bench.addresses("one.example")
    async let second = bench.addresses("two.example")
    try await bench.until { bench.server.heldCount == 4 }
    await #expect(throws: ResolverError.queueFull) { try await bench.addresses("three.example") }
    #expect(bench.server.release() == 4)
    _ = try await (first, second)
    async let fourth = bench.addresses("four.example")
    try await bench.until { bench.server.heldCount == 2 }
    #expect(bench.server.release() == 2)
    #expect(try await fourth == ["192.0.2.1"])
  }

  @Test func `Closing tells those who wait and refuses those who come`() async throws {
    let bench = try ResolverBench { _ in .silence }
    async let waiting = bench.resolve("api.example")
    try await bench.until { bench.server.count("api.example") == 2 }
    bench.resolver.close()
    #expect(try await waiting == .failure(.closed))
    await #expect(throws: ResolverError.closed) { try await bench.addresses("api.example") }
    bench.resolver.close()
  }

  @Test func `The last reference may be dropped on the resolver's own thread`() async throws {
    let server = NameServer { .send([$0.answer(["192.0.2.1"])]) }
    defer { server.stop() }
    let host = try #require(HostAddress("api.example"))
    let kept = Mutex<Resolver?>(
      try Resolver(ResolverConfiguration(servers: .fixed([server.server]), hostsPath: nil)))
    let box = Box(kept)
    let outcome = try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Result<ResolverAnswer, ResolverError>, any Error>) in
      do throws(ResolverError) {
        try box.resolver.withLock { $0 }?.resolve(host) { outcome in
          box.resolver.withLock { $0 = nil }
          continuation.resume(returning: outcome)
        }
      } catch { continuation.resume(throwing: error) }
    }
    #expect(try outcome.get().addresses.count == 1)
  }

  private final class Box: Sendable {
    let resolver: Mutex<Resolver?>
    init(_ resolver: consuming Mutex<Resolver?>) { self.resolver = resolver }
  }

  private func write(_ text: String, to path: String) throws {
    // Safety: the path and the mode are C strings for the call; the file is closed below.
    let file = try unsafe #require(unsafe fopen(path, "w"))
    unsafe fputs(text, file)
    unsafe fclose(file)
  }
}
