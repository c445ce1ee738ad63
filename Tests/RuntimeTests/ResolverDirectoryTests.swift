import Base
import Testing

@testable import Runtime

@Suite struct ResolverDirectoryTests {
  private func names(_ directory: ResolverDirectory, _ name: String) throws -> [String] {
    directory.candidates(for: try #require(HostAddress(name)))
  }

  @Test func `resolv.conf is read, and what is odd in it is skipped`() throws {
    let text = """
      # made by hand
      nameserver 10.0.0.2
      nameserver fe80::1%eth0
      nameserver  ::1 ; local
      nameserver 10.0.0.3
      nameserver 10.0.0.4
      search Svc.Cluster.local bad..name 10.1.2.3 corp.example
      options rotate ndots:5 ndots:x
      \u{0}\u{1} nameserver
      """
    let directory = ResolverDirectory(text: Array(text.utf8))
    #expect(directory.servers.map(\.address.description) == ["10.0.0.2", "::1", "10.0.0.3"])
    #expect(directory.servers.allSatisfy { $0.port == 53 })
    #expect(directory.search == ["svc.cluster.local", "corp.example"])
    #expect(directory.dotsMin == 5)
  }

  @Test func `Without a server it is the one of this machine`() {
    let directory = ResolverDirectory(text: [])
    #expect(directory.servers.map(\.address.description) == ["127.0.0.1"])
  }

  @Test func `Short names are tried in the search list first, long ones last`() throws {
    let directory = ResolverDirectory(text: Array("search a.example b.example\n".utf8))
    #expect(try names(directory, "back") == ["back.a.example", "back.b.example", "back"])
    #expect(
      try names(directory, "api.back") == ["api.back", "api.back.a.example", "api.back.b.example"])
    #expect(try names(directory, "back.") == ["back"])
  }

  @Test func `A name that the search list makes too long is not asked for`() throws {
    let directory = ResolverDirectory(text: Array("search a.example\n".utf8))
    let label = String(repeating: "x", count: 60)
    let long = Array(repeating: label, count: 4).joined(separator: ".") + ".yyyyyyy"
    #expect(try names(directory, long) == [long])
  }

  @Test func `The next candidate is asked for when the one before has nothing`() async throws {
    let server = NameServer { query in
      switch query.name {
      case "back.a.example": .send([query.failure(3)])
      case "back.b.example": .send([query.answer([])])
      case "svc.a.example": .send([query.answer(["192.0.2.9"])])
      case "back": .send([query.answer(["192.0.2.1"])])
      default: .send([query.failure(3)])
      }
    }
    defer { server.stop() }
    let search = ["a.example", "b.example"]
    let bench = try ResolverBench({
      $0.servers = .fixed([server.server], search: search)
    }) { _ in .silence }
    #expect(try await bench.addresses("back") == ["192.0.2.1"])
    let asked = server.seen.filter(\.isV4).map(\.name)
    #expect(asked == ["back.a.example", "back.b.example", "back"])
    #expect(try await bench.addresses("back.") == ["192.0.2.1"])
    #expect(try await bench.addresses("svc") == ["192.0.2.9"])
    #expect(try await bench.resolve("svc.") == .failure(.noSuchName), "not the cached short name")
    #expect(try await bench.resolve("nobody") == .failure(.noSuchName))
  }

  @Test func `A failure ends the search, since a later name might be somebody else's`() async throws
  {
    let server = NameServer { query in
      .send([query.name == "back" ? query.answer(["192.0.2.1"]) : query.failure(2)])
    }
    defer { server.stop() }
    let bench = try ResolverBench({
      $0.servers = .fixed([server.server], search: ["a.example"])
    }) { _ in .silence }
    #expect(try await bench.resolve("back") == .failure(.serverFailed(code: 2)))
    #expect(server.count("back") == 0)
  }
}
