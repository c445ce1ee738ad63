import Base
import Blueprint
import Gateway
import HTTP
import PolicyKit
import Runtime
import Wire

/// Takes one made-up request through a configuration as the gateway would, up to the upstream.
struct RequestTrial {
  let configuration: Configuration
  /// The request as it would come over the wire, head alone.
  let head: String
  let client: IPAddress
  let isSecure: Bool
  /// Whether others are asked what policies lack.
  let asks: Bool

  /// What became of it.
  func explain() -> Explanation {
    var explanation = Explanation()
    var exchange = Exchange()
    var parser = RequestParser(limits: configuration.blueprint.limits)
    var input = ByteBuffer()
    input.append(utf8: head)
    switch parser.parse(&input, into: &exchange.request) {
    case .complete: break
    case .incomplete:
      explanation.request = RequestTrial.firstLine(head)
      refuse(&explanation, .malformedRequest, "the head does not end")
      return explanation
    case .refused(let problem, let reason):
      explanation.request = RequestTrial.firstLine(head)
      refuse(&explanation, problem, "\(reason)")
      return explanation
    }
    exchange.client = client
    exchange.isSecure = isSecure
    exchange.start = Clock.monotonic
    exchange.wallMilliseconds = Clock.wallMilliseconds
    explanation.request = RequestTrial.line(exchange.request)
    guard let index = match(exchange.request, &explanation) else { return explanation }
    exchange.route = index
    review(&exchange, index, &explanation)
    explanation.consumer = exchange.consumer?.name
    return explanation
  }

  private static func firstLine(_ head: String) -> String {
    String(head.prefix { $0 != "\r\n" && $0 != "\n" })
  }

  private static func line(_ request: borrowing RequestHead) -> String {
    let fields = request.fields
    let query = request.hasQuery ? "?" + fields.text(request.query) : ""
    let host = fields.text(request.host)
    return "\(fields.text(request.methodText)) \(host)\(fields.text(request.path))\(query)"
  }

  private func refuse(_ explanation: inout Explanation, _ problem: Problem, _ reason: String?) {
    explanation.status = problem.status
    explanation.problem = "\(problem.code)"
    explanation.reason = reason
  }

  private func match(
    _ request: borrowing RequestHead, _ explanation: inout Explanation
  ) -> Int? {
    var entries: [RouterEntry] = []
    var names: [(route: String, service: ServiceBlueprint)] = []
    for service in configuration.blueprint.services {
      for (place, route) in service.routes.enumerated() {
        entries.append(RouterEntry(route: names.count, blueprint: route))
        names.append((route.name ?? "\(service.name)/\(place)", service))
      }
    }
    switch Router(entries).match(request) {
    case .route(let index):
      explanation.route = "\(names[index].route) of service \(names[index].service.name)"
      explanation.upstreams = names[index].service.upstreams.map(\.description)
      return index
    case .notFound: refuse(&explanation, .notFound, "no route is for this host and path")
    case .methodNotAllowed: refuse(&explanation, .methodNotAllowed, "no route takes the method")
    case .malformedPath: refuse(&explanation, .malformedRequest, "ambiguous path")
    }
    return nil
  }

  private func review(
    _ exchange: inout Exchange, _ index: Int, _ explanation: inout Explanation
  ) {
    for policy in configuration.policies.perRoute[index] {
      guard let asked = policy as? any RequestPolicy else { continue }
      let manifest = type(of: policy).manifest
      var (decision, outcome): (String, String?) = ("proceed", nil)
      switch verdict(asked, &exchange) {
      case .proceed: break
      case .deny(let denial):
        (decision, outcome) = ("deny", "\(denial.problem.code)")
        let words = ["\(denial.reason)", String(decoding: exchange.detail, as: UTF8.self)]
        let reason = words.filter { !$0.isEmpty }.joined(separator: "; ")
        refuse(&explanation, denial.problem, reason.isEmpty ? nil : reason)
      case .answer(let status):
        (decision, outcome) = ("answer", "\(status)")
        explanation.status = status
      case .wait(let need):
        (decision, outcome) = ("wait", RequestTrial.words(need.work))
        explanation.isOpen = true
      case .count:
        (decision, outcome) = ("wait", "for a count that other gateways keep too, not asked for")
        explanation.isOpen = true
      }
      explanation.steps.append(
        Explanation.Step(
          policy: manifest.name, stage: manifest.stage, decision: decision, outcome: outcome))
      if explanation.status != nil || explanation.isOpen { return }
    }
  }

  /// What a policy says, once it has what it lacks, if others may be asked for that.
  private func verdict(_ policy: any RequestPolicy, _ exchange: inout Exchange) -> Verdict {
    let keeper = NeedKeeper(OutboundClients())
    for _ in 0..<RequestTrial.needsMax {
      let verdict = policy.review(&exchange)
      guard asks, case .wait(let need) = verdict, let bell = try? Mailbox<Void>() else {
        return verdict
      }
      exchange.needs.append(need)
      if need.wait({ bell.post(()) }) == .begins { keeper.begin(need) }
      if need.outcome == nil { bell.wait() }
    }
    return .deny(Denial(.overloaded))
  }

  private static let needsMax = 8

  private static func words(_ work: Need.Work) -> String {
    switch work {
    case .request(let url, _): "for \(url), which was not asked"
    case .directory(let question): "for \(question.url), which was not asked"
    case .computation: "for what was not asked or worked out"
    }
  }
}
