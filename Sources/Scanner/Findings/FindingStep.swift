/// One request of a proof, and what came back.
package struct FindingStep: Sendable {
  /// What the step is for, and what it shows.
  package let role: String
  /// Who sent it; nil for nobody in particular.
  package let identity: String?
  /// Method, target and content.
  package var request: String
  /// The same as a line for a shell.
  package var curl: String
  package let status: Int
  /// The begin of the answer's content.
  package var excerpt: String

  /// The request itself; nil for a step of an earlier scan.
  let call: Call?

  init(_ role: String, _ call: Call, _ answer: Answer) {
    self.role = role
    self.call = call
    identity = call.identity
    let content = call.content.map { " " + String(decoding: $0.prefix(2000), as: UTF8.self) } ?? ""
    request = call.method + " " + call.target + content
    curl = ""
    status = answer.status
    excerpt = String(answer.text.prefix(300))
  }

  /// A step as a report in JSON has it; nil if it is none.
  init?(recorded value: JSONValue) {
    guard let role = value["step"]?.string, let request = value["request"]?.string,
      let status = value["status"]?.integer
    else { return nil }
    self.role = role
    self.request = request
    self.status = status
    identity = value["as"]?.string
    curl = value["curl"]?.string ?? ""
    excerpt = value["excerpt"]?.string ?? ""
    call = nil
  }

  /// The same step without `secrets`, and with its line for a shell.
  func masking(_ secrets: [String], base: String, credential: String?) -> FindingStep {
    var other = self
    other.curl = call?.curl(base: base, credential: credential) ?? curl
    for secret in secrets {
      other.request = other.request.replacing(secret, with: "[masked]")
      other.excerpt = other.excerpt.replacing(secret, with: "[masked]")
      other.curl = other.curl.replacing(secret, with: "[masked]")
    }
    return other
  }
}
