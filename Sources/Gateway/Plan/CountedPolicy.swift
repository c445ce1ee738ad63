import PolicyKit

/// What a policy is called in events, and by what its refusals are counted.
struct CountedPolicy: Sendable {
  /// The name's bytes.
  let name: [UInt8]
  /// -1 for not at all.
  let metricNumber: Int

  init(_ policy: any Policy, _ number: (String) -> Int) {
    let text = type(of: policy).manifest.name
    name = Array(text.utf8)
    metricNumber = number(text)
  }
}
