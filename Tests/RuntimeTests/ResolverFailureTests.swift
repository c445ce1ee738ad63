import Base
import CLinux
import Testing

@testable import Runtime

@Suite struct ResolverFailureTests {
  typealias Record = NameServerMessage.Record

  @Test func `While the server fails the last good addresses stay in use`() async throws {
    let bench = try ResolverBench { query in
      query.number == 0 || query.number > 3
        ? .send([query.answer(["192.0.2.\(query.number + 1)"], ttl: 60)])
        : .send([query.failure(2)])
    }
    #expect(try await bench.addresses("api.example") == ["192.0.2.1"])
    bench.pass(milliseconds: 61_000)
    let stale = try await bench.resolve("api.example").get()
    #expect(stale.addresses.map(\.description) == ["192.0.2.1"])
    #expect(stale.isStale)
    #expect(
      bench.reports == [
        ResolverReport(
          host: "api.example", error: .serverFailed(code: 2), usesStaleAnswer: true)
      ])
    // It is asked again after the five seconds of a failure, and the server has recovered.
    bench.pass(milliseconds: 5_001)
    let fresh = try await bench.resolve("api.example").get()
    #expect(fresh.addresses.map(\.description) == ["192.0.2.5"])
    #expect(!fresh.isStale)
  }

  @Test func `Addresses of a name that was deleted are not used any longer`() async throws {
    let bench = try ResolverBench { query in
      .send([query.number == 0 ? query.answer(["192.0.2.1"], ttl: 1) : query.failure(3)])
    }
    #expect(try await bench.addresses("api.example") == ["192.0.2.1"])
    bench.pass(milliseconds: 2_000)
    #expect(try await bench.resolve("api.example") == .failure(.noSuchName))
    #expect(bench.reports.map(\.usesStaleAnswer) == [false])
  }

  @Test func `That there is nothing is remembered for five seconds`() async throws {
    let bench = try ResolverBench { query in
      .send([query.number == 0 ? query.failure(3) : query.answer(["192.0.2.1"])])
    }
    #expect(try await bench.resolve("api.example") == .failure(.noSuchName))
    #expect(try await bench.resolve("api.example") == .failure(.noSuchName))
    #expect(bench.server.count("api.example") == 2)
    bench.pass(milliseconds: 5_001)
    #expect(try await bench.addresses("api.example") == ["192.0.2.1"])
  }

  @Test func `A name without an address of either family is told from one that is not`()
    async throws
  {
    let bench = try ResolverBench { .send([$0.answer([])]) }
    #expect(try await bench.resolve("api.example") == .failure(.noAddresses))
  }

  @Test func `A server that never answers holds up its own names alone`() async throws {
    let bench = try ResolverBench({ $0.attemptMilliseconds = 150 }) { query in
      query.name.hasPrefix("slow") ? .silence : .send([query.answer(["192.0.2.1"])])
    }
    let start = bench.now
    async let slow = bench.resolve("slow.example")
    try await bench.until { bench.server.count("slow.example") >= 2 }
    for number in 0..<20 {
      #expect(try await bench.addresses("fast\(number).example") == ["192.0.2.1"])
    }
    #expect(try await slow == .failure(.timedOut))
    let took = bench.now.since(start) / 1_000_000
    #expect((449..<4900).contains(took))
    #expect(bench.server.count("slow.example") == 6, "three attempts for each family")
  }

  @Test func `A look-up never takes longer than its own time`() async throws {
    let bench = try ResolverBench({
      $0.attemptMilliseconds = 60_000
      $0.lookupMilliseconds = 100
    }) { _ in .silence }
    let start = bench.now
    #expect(try await bench.resolve("slow.example") == .failure(.timedOut))
    #expect((99..<5000).contains(bench.now.since(start) / 1_000_000))
  }

  @Test func `A family that is not answered costs a short wait and not the answer`() async throws {
    let bench = try ResolverBench({ $0.secondFamilyMilliseconds = 50 }) { query in
      query.isV4 ? .send([query.answer(["192.0.2.1"], ttl: 3600)]) : .silence
    }
    let start = bench.now
    let answer = try await bench.resolve("api.example").get()
    #expect(answer.addresses.map(\.description) == ["192.0.2.1"])
    #expect(answer.expires.since(start) < 40_000_000_000, "the other family is tried again soon")
    #expect(bench.now.since(start) / 1_000_000 < 4000)
  }

  @Test func `The next server is asked when one is silent, refuses or is not there`() async throws {
    let silent = NameServer { _ in .silence }
    let refusing = NameServer { .send([$0.failure(5)]) }
    defer {
      silent.stop()
      refusing.stop()
    }
    let bench = try ResolverBench(
      before: [silent.server, refusing.server], { $0.attemptMilliseconds = 400 }
    ) { .send([$0.answer(["192.0.2.1"])]) }
    #expect(try await bench.addresses("api.example") == ["192.0.2.1"])
    #expect(silent.seen.count == 2)
    #expect(refusing.seen.count == 2)

    // A port that was free a moment ago: nothing listens on it.
    let gone = ResolverServer(address: IPAddress(v4: 0x7F00_0001), port: 1)
    let lonely = try ResolverBench({ $0.servers = .fixed([gone]) }) { _ in .silence }
    #expect(try await lonely.resolve("api.example") == .failure(.system(code: ECONNREFUSED)))
    let none = try ResolverBench({ $0.servers = .fixed([]) }) { _ in .silence }
    #expect(try await none.resolve("api.example") == .failure(.noServers))
  }

  @Test func `Garbage and forged answers do not keep the right one away`() async throws {
    let bench = try ResolverBench { query in
      let good = query.answer(["192.0.2.1"])
      let bad = query.answer(["6.6.6.6"])
      var (otherID, otherName, noAnswer, otherKind) = (bad, bad, bad, bad)
      otherID[1] ^= 1
      otherName[13] ^= 1
      noAnswer[2] &= 0x7F
      otherKind[2] |= 0x10
      let forged = [[], [0], Array(good.prefix(11)), otherID, otherName, noAnswer, otherKind]
      return .send(forged + [good])
    }
    #expect(try await bench.addresses("api.example") == ["192.0.2.1"])
  }

  @Test func `Nothing but garbage is a failure that says so`() async throws {
    let bench = try ResolverBench({ $0.attemptMilliseconds = 60_000 }) { query in
      query.isV4
        ? .send([query.answer(["192.0.2.1"]).dropLast(3)])
        : .send(Array(repeating: Array(query.bytes.reversed()), count: 40))
    }
    #expect(try await bench.resolve("api.example") == .failure(.malformedAnswer))
    #expect(bench.server.seen.filter(\.isV4).count == 3)
    #expect(bench.server.seen.filter { !$0.isV4 }.count == 3, "a flood changes the port")
  }

  @Test func `A cut answer is asked for again over TCP`() async throws {
    let bench = try ResolverBench { query in
      if !query.isTCP {
        return .send([NameServerMessage.answer(query.bytes, isTruncated: true)])
      }
      return .send([query.answer((1...100).map { "192.0.2.\($0)" } + ["2001:db8::1"])])
    }
    let addresses = try await bench.addresses("api.example")
    #expect(addresses.count == ResolverLimits.addressesMax)
    #expect(Array(addresses.prefix(3)) == ["2001:db8::1", "192.0.2.1", "192.0.2.2"])
    #expect(bench.server.seen.filter(\.isTCP).count == 2)
  }

  @Test func `What is cut even over TCP is malformed, and TCP that hangs up fails`() async throws {
    let bench = try ResolverBench { query in
      if query.isTCP, query.name == "hangs.example" { return .silence }
      return .send([NameServerMessage.answer(query.bytes, isTruncated: true)])
    }
    #expect(try await bench.resolve("cut.example") == .failure(.malformedAnswer))
    #expect(try await bench.resolve("hangs.example") == .failure(.system(code: ECONNRESET)))
  }
}
