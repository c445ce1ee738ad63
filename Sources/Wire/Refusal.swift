import HTTP

/// Why a message is refused, inside the parsers.
struct Refusal {
  let problem: Problem
  let reason: StaticString

  init(_ problem: Problem, _ reason: StaticString) {
    self.problem = problem
    self.reason = reason
  }

  static func malformed(_ reason: StaticString) -> Refusal { Refusal(.malformedRequest, reason) }

  var outcome: ParseOutcome { .refused(problem, reason) }
}
