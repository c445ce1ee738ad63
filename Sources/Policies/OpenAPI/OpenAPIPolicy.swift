import Base
public import Formats
import HTTP
import OpenAPI
public import PolicyKit

/// `openapi`: lets through only what the description of the API allows, requests and responses.
public final class OpenAPIPolicy: RequestPolicy, BodyPolicy, ResponseBodyPolicy {
  let contract: APIContract?
  let rules: RequestCheck.Rules
  let responses: ResponseRules
  private let limits: JSONLimits
  private let manner: CheckManner
  private let sanitizing: Sanitizing
  /// The kinds of credentials that policies beside this one check.
  private let checkedKinds: Set<SecurityNeed.Kind>

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    let rules = OpenAPIPolicy.rules(&settings)
    let responses = ResponseRules(&settings)
    checkedKinds = OpenAPIPolicy.checkedKinds(site)
    contract = OpenAPIPolicy.contract(&settings, site, rules, responses)
    manner = CheckManner(&settings)
    limits = JSONLimits(&settings)
    sanitizing = Sanitizing(&settings)
    self.rules = rules
    self.responses = responses
    if rules.checksCaller, let contract {
      let place = settings.node.value("document")?.position ?? site.description?.position
      warn(contract, settings, at: place ?? settings.position)
    }
  }

  /// Warns of operations that ask for credentials which no policy beside this one checks.
  private func warn(_ contract: APIContract, _ settings: Settings, at position: Position) {
    var names: [String: Int] = [:]
    for need in contract.securityNeeds where !need.alternatives.isEmpty {
      let isChecked = need.alternatives.contains { alternative in
        alternative.allSatisfy { checkedKinds.contains($0.kind) }
      }
      guard !isChecked else { continue }
      for other in need.alternatives.flatMap({ $0 }) { names[other.scheme, default: 0] += 1 }
    }
    for (name, count) in names.sorted(by: { $0.key < $1.key }).prefix(OpenAPIPolicy.remarksMax) {
      settings.warning(
        "\(count) operations ask for the security scheme '\(name)', which no policy here checks: "
          + "they need a caller that some policy knows", at: position)
    }
  }

  // MARK: Requests

  /// Decides by the head of a request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard let contract else { return .deny(Denial(.internalError)) }
    guard manner.looksAt(exchange) else { return .proceed }
    if responses.reaction != .off { OpenAPIPolicy.askForPlainContent(&exchange) }
    let path = OpenAPIPolicy.path(exchange)
    exchange.tape.limits = limits
    var check = RequestCheck(contract, rules: rules, exchange.request, path: path)
    if check.alternativeCount <= 1 {
      if check.alternativeCount == 1 { checkHead(&check, &exchange) }
      if check.isSound, let number = check.soleAlternative {
        exchange.finding = PolicyFinding(number, of: self)
      }
      return conclude(check, &exchange)
    }
    var first: RequestCheck?
    for place in 0..<check.alternativeCount {
      check.select(place)
      checkHead(&check, &exchange)
      if check.isSound { return conclude(check, &exchange) }
      first = first ?? check
    }
    return conclude(first ?? check, &exchange)
  }

  /// A check of the content: of the operation that was found by the head, if there was just one.
  private func contentCheck(
    _ contract: APIContract, _ exchange: borrowing Exchange
  ) -> RequestCheck {
    if let number = exchange.finding.number(of: self) {
      return RequestCheck(contract, rules: rules, operation: number)
    }
    return RequestCheck(
      contract, rules: rules, exchange.request, path: OpenAPIPolicy.path(exchange))
  }

  /// Holds content that is looked into; other content passes as it comes.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool {
    guard let contract, manner.looksAt(exchange) else { return false }
    return contentCheck(contract, exchange).looksIntoContent(exchange.request)
  }

  /// Decides by the content, once all of it is there.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard let contract, exchange.request.hasBody, manner.looksAt(exchange) else { return .proceed }
    exchange.tape.limits = limits
    guard !sanitizing.isEmpty, contentCheck(contract, exchange).takesJSON(exchange.request),
      let repaired = sanitizing.repaired(content, &exchange.tape)
    else { return decide(contract, content, of: &exchange) }
    let verdict = decide(contract, repaired.content.span, of: &exchange)
    if case .proceed = verdict, manner.mode == .block {
      exchange.newContent = exchange.newContent ?? repaired.content
      exchange.note(repaired.note)
    }
    return verdict
  }

  /// Decides by content as it is to go on.
  private func decide(
    _ contract: APIContract, _ content: Span<UInt8>, of exchange: inout Exchange
  ) -> Verdict {
    var check = contentCheck(contract, exchange)
    if check.alternativeCount == 1 {
      check.checkContent(content, exchange.request, &exchange.tape)
      if check.isSound, manner.mode == .block { exchange.newContent = check.strippedContent }
      return conclude(check, &exchange)
    }
    var first: RequestCheck?
    for place in 0..<check.alternativeCount {
      check.select(place)
      checkHead(&check, &exchange)
      check.checkContent(content, exchange.request, &exchange.tape)
      if check.isSound {
        if manner.mode == .block { exchange.newContent = check.strippedContent }
        return conclude(check, &exchange)
      }
      first = first ?? check
    }
    // Where the operation is not known, the head was found wanting already.
    guard let first else { return .proceed }
    return conclude(first, &exchange)
  }

  private func checkHead(_ check: inout RequestCheck, _ exchange: inout Exchange) {
    var caller = CallerFacts(
      isKnown: exchange.consumer.map { !$0.isAnonymous } ?? false,
      scopes: exchange.consumer?.scopes,
      checkedKinds: checkedKinds)
    for (kind, shown) in OpenAPIPolicy.kinds where !exchange.shown.isDisjoint(with: shown) {
      caller.shownKinds.insert(kind)
    }
    check.checkHead(
      exchange.request, path: OpenAPIPolicy.path(exchange), caller: caller, &exchange.tape)
  }

  /// The path as the client asked for it.
  static func path(_ exchange: borrowing Exchange) -> Slice {
    exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
  }

  private func conclude(
    _ check: borrowing RequestCheck, _ exchange: inout Exchange
  ) -> Verdict {
    if !check.remarks.isEmpty {
      exchange.note(
        Violation.detail(check.remarks.map(Violation.init), of: check.operationName))
    }
    if check.isSound { return .proceed }
    if let allow = check.allow, manner.mode == .block {
      exchange.replyFields.append(name: "allow", value: allow.utf8.span)
    }
    return manner.conclude(
      check.violations.map(Violation.init), of: check.operationName, OpenAPIPolicy.denial(check),
      &exchange)
  }

  private static func denial(_ check: borrowing RequestCheck) -> Denial {
    if check.allow != nil { return Denial(.methodNotAllowed, reason: "method not described") }
    if check.isUnknown { return Denial(.notFound, reason: "operation not described") }
    if check.needsCaller {
      return Denial(
        .credentialsRequired, challenge: "Bearer",
        reason: "the description asks for credentials, and no policy knows the caller")
    }
    if check.lacksScope {
      return Denial(.accessDenied, reason: "the description asks for other credentials")
    }
    if check.isUnsupportedType {
      return Denial(.unsupportedMediaType, reason: "content type not described")
    }
    return Denial(.validationFailed, reason: "not what the description allows")
  }

  // MARK: Responses

  /// Has the upstream send what can be read: whole, and not encoded.
  private static func askForPlainContent(_ exchange: inout Exchange) {
    exchange.request.fields.remove(.acceptEncoding)
    exchange.request.fields.append(.acceptEncoding, text: "identity")
    exchange.request.fields.remove(named: "range".utf8.span)
  }

  /// Holds text; of other content, the head is enough.
  public func holdsResponse(of exchange: borrowing Exchange) -> ResponseHold {
    guard contract != nil, responses.reaction != .off, manner.looksAt(exchange) else {
      return .none
    }
    guard ResponseRules.isText(exchange.response.fields) else { return .head }
    return responses.reaction == .report ? .ifShort : .always
  }

  /// Decides on a response, once it is whole.
  public func inspectResponse(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard let contract, responses.reaction != .off, manner.looksAt(exchange) else {
      return .proceed
    }
    exchange.tape.limits = limits
    let isSeen = ResponseRules.isText(exchange.response.fields)
    var check = ResponseCheck(contract, exchange.request, path: OpenAPIPolicy.path(exchange))
    check.check(exchange.response, content, isContentSeen: isSeen, &exchange.tape)
    var violations = check.violations.map(Violation.init)
    if isSeen, content.count > 0, exchange.response.fields.count(.contentEncoding) > 0 {
      violations.append(
        Violation("header", "content-encoding", "encoding", "none", found: "another"))
    }
    let leaks = responses.scan.leaks(in: content)
    violations += leaks.map { Violation("body", "", "leak", "no \($0.name)", found: "one") }
    if violations.isEmpty { return .proceed }
    exchange.note(Violation.detail(violations, of: "response " + check.operationName))
    switch responses.reaction {
    case .off, .report: return .proceed
    case .block: break
    case .redact:
      let onlyStripped = check.isSound || check.strippedContent != nil
      let hasOthers = violations.count > check.violations.count + leaks.count
      guard onlyStripped, !hasOthers else { break }
      let plain = check.strippedContent ?? Array(copying: content)
      if let clean = responses.scan.redacted(plain, &exchange.tape) {
        exchange.newContent = clean
        return .proceed
      }
    }
    return .deny(
      Denial(.responseNotAllowed, reason: "the response is not what the description allows"))
  }
}

extension Violation {
  init(_ violation: ContractViolation) {
    self.init(
      violation.place.rawValue, violation.name, violation.rule, violation.expected,
      found: violation.found)
  }
}

extension [UInt8] {
  /// The bytes of a span.
  init(copying bytes: Span<UInt8>) {
    self = []
    reserveCapacity(bytes.count)
    for at in bytes.indices { append(bytes[at]) }
  }
}
