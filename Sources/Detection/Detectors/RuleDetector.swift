import Blueprint
import Telemetry

/// Sigma rules that the operator has given, each over single requests.
struct RuleDetector: Sendable {
  private let rules: [SigmaRule]

  init(_ rules: [SigmaRule]) { self.rules = rules }

  mutating func observe(
    _ fact: Observation, _ event: borrowing Event, _ mix: KeyMix, _ findings: inout Findings
  ) {
    guard !rules.isEmpty, findings.settings[.rule].isOn else { return }
    for place in rules.indices where rules[place].matches(event) {
      findings.raise(
        .rule, mix.key(fact.address, UInt64(place), 17), .address, at: fact.now, [],
        rule: (rules[place].title, rules[place].severity))
    }
  }
}
