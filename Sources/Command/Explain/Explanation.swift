import Formats
import PolicyKit

/// What became of one request: its route, each policy in order, and what that decided.
struct Explanation {
  /// One policy's decision.
  struct Step {
    let policy: String
    let stage: Stage
    /// `proceed`, `deny`, `answer` or `wait`.
    let decision: String
    /// The problem's name, the status of an answer, or what is waited for; nil for `proceed`.
    let outcome: String?
  }

  /// The method and the path as everything behind the parser sees them.
  var request = ""
  /// The route's name and what stands behind it; nil if no route took the request.
  var route: String?
  var upstreams: [String] = []
  var steps: [Step] = []
  /// Who calls, once a policy knows.
  var consumer: String?
  /// Whether a policy lacks what only others know, so that nothing is decided.
  var isOpen = false
  /// The status that the gateway itself answers with; nil if the request goes upstream.
  var status: Int?
  /// What the client is told, and what only the operator gets to know.
  var problem: String?
  var reason: String?

  /// For people.
  var text: String {
    var text = "request    \(request)\n"
    if let route { text += "route      \(route)\n" }
    for (place, step) in steps.enumerated() {
      let outcome = step.outcome.map { " \($0)" } ?? ""
      text += "\(place + 1). \(step.policy) (\(step.stage)): \(step.decision)\(outcome)\n"
    }
    if let consumer { text += "consumer   \(consumer)\n" }
    if isOpen { return text + "open       --ask has others asked for what is lacking\n" }
    guard let status else {
      return text + "forwarded  to one of \(upstreams.joined(separator: ", "))\n"
    }
    text += "answered   \(status)\(problem.map { " \($0)" } ?? "")\n"
    if let reason { text += "because    \(reason)\n" }
    return text
  }

  /// For programs.
  var json: String {
    var json = JSONWriter()
    json.beginObject()
    json.key("request")
    json.string(request)
    json.key("route")
    json.string(route ?? "")
    json.key("consumer")
    json.string(consumer ?? "")
    json.key("policies")
    json.beginArray()
    for step in steps {
      json.beginObject()
      json.key("policy")
      json.string(step.policy)
      json.key("stage")
      json.string("\(step.stage)")
      json.key("decision")
      json.string(step.decision)
      json.key("outcome")
      json.string(step.outcome ?? "")
      json.endObject()
    }
    json.endArray()
    json.key("forwarded")
    json.boolean(status == nil && !isOpen)
    json.key("status")
    json.integer(status ?? 0)
    json.key("problem")
    json.string(problem ?? "")
    json.key("reason")
    json.string(reason ?? "")
    json.endObject()
    json.endLine()
    return json.text
  }
}
