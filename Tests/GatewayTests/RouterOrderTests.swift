import Blueprint
import HTTP
import Testing

@testable import Gateway

/// The router against the plain reading of its documented order, on many small worlds.
@Suite struct RouterOrderTests {
  /// Repeatable numbers, so that a failure can be had again (splitmix64).
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }

    mutating func one(of choices: [String]) -> String { choices.randomElement(using: &self) ?? "" }
  }

  private static let hosts = ["a.b.c", "b.c", "x.a.b.c", "c", "other"]
  private static let hostPatterns = ["a.b.c", "b.c", "*.b.c", "*.c", "*.a.b.c"]
  private static let methods = ["GET", "HEAD", "POST", "PURGE", "TRACE", "DELETE"]

  private static func randomPath(_ numbers: inout Numbers, isPattern: Bool) -> String {
    let choices =
      isPattern ? ["a", "b", "{x}", "a", "ab", "A"] : ["a", "b", "ab", "a", "", "A", "aB"]
    let count = Int.random(in: 0...4, using: &numbers)
    var path = ""
    for index in 0..<count {
      let segment = numbers.one(of: choices)
      path += "/" + (segment == "{x}" ? "{x\(index)}" : segment)
    }
    if path.isEmpty || Int.random(in: 0..<6, using: &numbers) == 0 { path += "/" }
    let isExact = isPattern && !path.contains("{") && Bool.random(using: &numbers)
    return isExact ? "= " + path : path
  }

  /// Routes no two of which fit exactly the same requests, as the configuration demands.
  private static func randomRoutes(_ numbers: inout Numbers) throws -> [RouteBlueprint] {
    var routes: [RouteBlueprint] = []
    var seen: Set<String> = []
    for _ in 0..<Int.random(in: 1...14, using: &numbers) {
      let hosts = (0..<Int.random(in: 0...2, using: &numbers)).map { _ in
        numbers.one(of: hostPatterns)
      }
      let paths = (0..<Int.random(in: 1...2, using: &numbers)).map { _ in
        randomPath(&numbers, isPattern: true)
      }
      let listed = (0..<Int.random(in: 0...2, using: &numbers)).map { _ in
        numbers.one(of: ["GET", "HEAD", "POST", "PURGE"])
      }
      var headers: [String: String] = [:]
      for name in ["x-a", "x-b"] where Int.random(in: 0..<4, using: &numbers) == 0 {
        headers[name] = numbers.one(of: ["1", "2"])
      }
      let made = try route(
        hosts: Array(Set(hosts)), paths, methods: Array(Set(listed)), headers: headers,
        inAnyCase: Int.random(in: 0..<4, using: &numbers) == 0)
      let keys = combinations(made)
      guard seen.isDisjoint(with: keys) else { continue }
      seen.formUnion(keys)
      routes.append(made)
    }
    return routes
  }

  private static func combinations(_ route: RouteBlueprint) -> Set<String> {
    var keys: Set<String> = []
    let conditions = route.headers.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    for host in route.hosts.isEmpty ? ["any"] : route.hosts.map(\.description) {
      for path in route.paths {
        for method in route.methods.isEmpty ? ["any"] : route.methods {
          let isAny = route.ignoresPathCase
          let shape = isAny ? path.shape.lowercased() : path.shape
          keys.insert("\(host) \(path.kind) \(shape) \(method) \(conditions) \(isAny)")
        }
      }
    }
    return keys
  }

  // NRM-11.
  @Test func `Random routes decide as documented, in whatever order they stand`() throws {
    var numbers = Numbers(state: 42)
    var found = 0
    for world in 0..<400 {
      let routes = try Self.randomRoutes(&numbers)
      let entries = routes.enumerated().map { RouterEntry(route: $0.offset, blueprint: $0.element) }
      let naive = NaiveRouter(entries: entries)
      let compiled = Router(entries)
      let shuffled = Router(entries.shuffled(using: &numbers))
      for _ in 0..<40 {
        let method = numbers.one(of: Self.methods)
        let host = numbers.one(of: Self.hosts)
        let path = Self.randomPath(&numbers, isPattern: false)
        var headers: [(String, String)] = []
        for name in ["x-a", "x-b", "x-a"] where Bool.random(using: &numbers) {
          headers.append((name, numbers.one(of: ["1", "1", "2"])))
        }
        let wanted = naive.match(method, host, path, headers)
        let head = request(method, host: host, path, headers: headers)
        let seen: Comment = "world \(world): \(method) \(host) \(path) \(headers)"
        #expect(compiled.match(head) == wanted, seen)
        #expect(shuffled.match(head) == wanted, seen)
        if case .route = wanted { found += 1 }
      }
    }
    // A test in which nothing matches would pass as well.
    #expect(found > 2_000)
  }
}
