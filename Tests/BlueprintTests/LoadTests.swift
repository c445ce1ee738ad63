import Blueprint
import Formats
import Testing

@Suite struct LoadTests {
  /// A hundred thousand, but where nothing is optimised a tenth of it, which shows the same.
  #if DEBUG
    private static let consumerCount = 10_000
  #else
    private static let consumerCount = 100_000
  #endif

  /// A file of 50,000 routes and as many consumers as `consumerCount`.
  private static func large() -> String {
    var text = "listeners: [{ bind: 127.0.0.1:8080 }]\nservices:\n"
    for service in 0..<500 {
      text += "- name: service-\(service)\n  upstreams: [http://10.0.0.1:3000]\n"
      text += "  policies: [{ api-key: { header: X-API-Key } }]\n  routes:\n"
      for route in 0..<100 {
        text +=
          "  - { hosts: [h\(service).example.com], paths: [/r\(route)], methods: [GET, POST] }\n"
      }
    }
    text += "consumers:\n"
    for consumer in 0..<consumerCount {
      let digits = String(consumer, radix: 16)
      let hash = String(repeating: "0", count: 64 - digits.count) + digits
      text += "- { name: consumer-\(consumer), api-keys: [\"sha256:\(hash)\"], roles: [reader] }\n"
    }
    return text
  }

  @Test func `Fifty thousand routes and as many consumers load`() throws {
    let text = LoadTests.large()
    let clock = ContinuousClock()
    var result: (blueprint: Blueprint?, diagnostics: Diagnostics)?
    let time = clock.measure { result = read(text) }
    let blueprint = try #require(result?.blueprint)
    #expect(blueprint.services.reduce(0) { $0 + $1.routes.count } == 50_000)
    #expect(blueprint.consumers.count == LoadTests.consumerCount)
    #if DEBUG
      #expect(time < .seconds(60))
    #else
      #expect(time < .seconds(4), "\(text.utf8.count) bytes")
    #endif
  }

  @Test func `Lists that would take for ever are refused`() {
    let many = { (item: String, count: Int) in
      Array(repeating: item, count: count).joined(separator: ", ")
    }
    let route =
      "hosts: [\(many("a", 20_000))], paths: [\(many("/", 20_000))], methods: "
      + "[\(many("GET", 20_000))]"
    let text = """
      listeners: [\(many("{ bind: 127.0.0.1:80 }", 1001))]
      services:
      - { name: a, upstreams: http://u:1, policies: [\(many("api-key", 65))], public: true }
      - { name: b, upstreams: http://u:1, public: true, routes: [{ \(route) }] }
      """
    #expect(
      complaints(text) == [
        "1:12: 'listeners' has 1001 of them, expected at most 1000",
        "3:47: 'policies' has 65 of them, expected at most 64",
        "4:60: the route has too many combinations of hosts, paths and methods, expected at most "
          + "10000",
      ])
  }

  @Test func `No change of the file makes the reader fail`() {
    let good = Array(example.utf8)
    let pieces = [
      "{", "}", "[", "]", ": ", "- ", "*", "&a ", "'", "\"", "\n", "  ", "${", "true", "0", "~",
      "\t",
    ]
    var random = Pseudorandom(seed: 3)
    var accepted = 0
    for _ in 0..<5000 {
      var bytes = good
      for _ in 0...random.below(5) {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(20)))
        case 2: bytes.insert(contentsOf: pieces[random.below(pieces.count)].utf8, at: place)
        default:
          let from = random.below(bytes.count)
          bytes.insert(
            contentsOf: bytes[from..<min(bytes.count, from + random.below(40))], at: place)
        }
      }
      let (blueprint, diagnostics) = BlueprintReader(authenticationPolicies: ["api-key"]).read(
        bytes, file: "f", interpolation: testInterpolation)
      #expect((blueprint == nil) == diagnostics.hasErrors)
      #expect(diagnostics.sorted.allSatisfy { !$0.description.contains("\n") })
      if let blueprint {
        accepted += 1
        #expect(
          blueprint.services.allSatisfy { service in
            service.routes.allSatisfy { route in
              route.isPublic
                || (service.policies + route.policies).contains { $0.name == "api-key" }
            }
          })
      }
    }
    #expect(accepted > 50, "nearly everything was refused, so little was tried")
  }
}

/// Numbers that look random and are the same on every run (SplitMix64).
struct Pseudorandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
