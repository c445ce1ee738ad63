/// One request of a proof, and what came back.
package struct FindingStep: Sendable {
  /// What the step is for.
  package let role: String
  /// Who sent it; nil for nobody in particular.
  package let identity: String?
  package var request: String
  package let status: Int
  /// The begin of the answer's content.
  package var excerpt: String

  init(_ role: String, _ call: Call, _ answer: Answer) {
    self.role = role
    identity = call.identity
    request = call.method + " " + call.target + (call.body.map { " " + $0.serialized } ?? "")
    status = answer.status
    excerpt = String(answer.text.prefix(300))
  }

  /// The same step without `secrets`.
  func masking(_ secrets: [String]) -> FindingStep {
    var other = self
    for secret in secrets {
      other.request = other.request.replacing(secret, with: "[masked]")
      other.excerpt = other.excerpt.replacing(secret, with: "[masked]")
    }
    return other
  }
}
