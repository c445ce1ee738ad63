import Base
import Formats
import HTTP
import OpenAPI

/// Holds requests, written as text, against a description.
struct RequestBench {
  let contract: APIContract
  var rules = RequestCheck.Rules()

  init(
    _ description: String, basePath: String? = nil, tellsUnknownMembers: Bool = false
  ) throws {
    var settings = APIContract.Settings()
    settings.basePath = basePath
    settings.tellsUnknownMembers = tellsUnknownMembers
    contract = try APIContract(Array(description.utf8), settings: settings)
  }

  /// What is wrong with a request, each as `place name rule`.
  func violations(
    _ line: String, _ fields: [(String, String)] = [], body: String? = nil, isKnown: Bool = true
  ) -> [String] {
    let parts = line.split(separator: " ")
    let target = parts[1].split(separator: "?", maxSplits: 1)
    var head = RequestHead()
    head.method = Method(parts[0].utf8.span)
    head.methodText = head.fields.store(parts[0].utf8.span)
    head.path = head.fields.store(target[0].utf8.span)
    if target.count == 2 {
      head.query = head.fields.store(target[1].utf8.span)
      head.hasQuery = true
    }
    if let body { head.framing = .length(body.utf8.count) }
    for (name, value) in fields {
      head.fields.append(name: name.utf8.span, value: value.utf8.span)
    }
    var tape = JSONTape()
    var check = RequestCheck(contract, rules: rules, head, path: head.path)
    var found: [ContractViolation] = check.violations
    for place in 0..<check.alternativeCount {
      check.select(place)
      check.checkHead(
        head, path: head.path, caller: CallerFacts(isKnown: isKnown), &tape)
      if let body, check.isSound { check.checkContent(body.utf8.span, head, &tape) }
      if check.isSound { return [] }
      found = check.violations
    }
    return found.map { violation in
      [violation.place.rawValue, violation.name, violation.rule].filter { !$0.isEmpty }
        .joined(separator: " ")
    }
  }
}
