import Base
import Formats
import HTTP
import PolicyKit

/// Makes policies from their settings as text, and exchanges to hold them against.
enum PolicyBench {
  static let consumers = [
    Consumer(index: 0, name: "alice", roles: ["reader"], groups: ["staff"], isDisabled: false),
    Consumer(index: 1, name: "bob", roles: ["writer"], groups: [], isDisabled: true),
  ]

  /// The policy, and what was reported while it was made.
  static func make<Made: Policy>(
    _ type: Made.Type, _ yaml: String, credentials: [ConsumerDirectory.Credential] = [],
    retained: RetainedState = RetainedState(), routes: [PolicyRoute] = [],
    files: [String: String] = [:], texts: [String: String] = [:],
    roles: RoleDirectory = RoleDirectory(), companions: Set<String> = [], hasStore: Bool = false,
    gateways: Int? = nil, plans: [CallerPlan] = []
  ) -> (policy: Made, report: String) {
    let diagnostics = Diagnostics(file: "test.yaml")
    let node = YAMLReader().read(Array(yaml.utf8), into: diagnostics)
    guard let node else { fatalError("the test's own text is no YAML") }
    let interpolation = Interpolation(
      environment: { _ in .failed("is not set") },
      file: { path in texts[path].map { .found($0) } ?? .failed("does not exist") })
    var settings = Settings(node, in: diagnostics, interpolation: interpolation)
    let site = PolicySite(
      service: "test", path: "service/test/0",
      directory: ConsumerDirectory(consumers: consumers, credentials: credentials),
      retained: retained, routes: routes, roles: roles, companions: companions,
      files: PolicyFiles { path, _ in
        files[path].map { .bytes(Array($0.utf8)) } ?? .failed("does not exist")
      }, hasStore: hasStore, gateways: gateways, plans: plans)
    let policy = Made(&settings, at: site)
    settings.finish()
    return (policy, diagnostics.description)
  }

  /// A request with these fields, at a time in milliseconds.
  static func exchange(
    _ fields: [(String, String)] = [], method: Method = .get, client: String = "192.0.2.1",
    atMilliseconds: UInt64 = 1_000_000, consumer: Int? = nil
  ) -> BenchExchange {
    let exchange = BenchExchange()
    exchange.request.method = method
    exchange.client = IPAddress(client) ?? .unspecified
    exchange.start = Instant(nanoseconds: atMilliseconds * 1_000_000)
    exchange.consumer = consumer.map { consumers[$0] }
    for (name, value) in fields {
      exchange.request.fields.append(name: name.utf8.span, value: value.utf8.span)
    }
    return exchange
  }

  /// A store with these consumers alone.
  static func live(_ consumers: [Consumer]) -> LiveDirectory {
    var table = LiveTable()
    for consumer in consumers { table.set(consumer) }
    return LiveDirectory(table, uses: KeyUses()) { $0 }
  }

  /// A consumer of the store.
  static func stored(
    _ name: String, roles: Set<String> = [], groups: Set<String> = [], isDisabled: Bool = false
  ) -> Consumer {
    Consumer(
      index: -1, name: name, roles: roles, groups: groups, isDisabled: isDisabled, scopes: [],
      isStored: true)
  }

  /// What was refused, or nil.
  static func problem(_ verdict: Verdict) -> Problem? {
    if case .deny(let denial) = verdict { return denial.problem }
    return nil
  }

  /// The value of a field, or nil.
  static func value(_ fields: Fields, _ name: String) -> String? {
    fields.value(named: name.utf8.span).map { fields.text($0) }
  }
}
