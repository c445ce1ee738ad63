/// One request of a proof, and what came back.
package struct FindingStep: Sendable {
  /// What the step is for.
  package let role: String
  /// Who sent it; nil for nobody in particular.
  package let identity: String?
  package let request: String
  package let status: Int
  /// The begin of the answer's content.
  package let excerpt: String

  init(_ role: String, _ call: Call, _ answer: Answer) {
    self.role = role
    identity = call.identity
    request = call.method + " " + call.target + (call.body.map { " " + $0.serialized } ?? "")
    status = answer.status
    excerpt = String(answer.text.prefix(300))
  }
}
