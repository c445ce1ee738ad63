/// Whom one operation answered, and how.
package struct OperationCoverage: Sendable {
  package let place: String
  /// The status that each identity got; the best one, if there were several.
  package let statuses: [String: Int]
  /// Whether it answered 2xx to somebody.
  package let isReached: Bool
  /// The checks that looked at it.
  package let checks: [String]
  /// Where each value in its path came from: an operation, who calls, what was given.
  let origins: [String: String]
  /// Why it was not reached; nil if it was.
  package let reason: String?

  var value: JSONValue {
    let members = statuses.sorted { $0.key < $1.key }.map { JSONMember($0.key, .integer($0.value)) }
    return [
      "where": .string(place), "reached": .boolean(isReached), "status": .object(members),
      "needs": .object(
        origins.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }),
      "checks": .array(checks.map { .string($0) }),
      "reason": reason.map { .string($0) } ?? .null,
    ]
  }
}
