import Base
public import Formats
import HTTP
import OpenAPI
public import PolicyKit

/// `openapi`: lets through only what the description of the API allows.
public final class OpenAPIPolicy: RequestPolicy, BodyPolicy {
  /// Most remarks on a description that are shown.
  private static let remarksMax = 5

  private let contract: APIContract?
  private let rules: RequestCheck.Rules
  private let limits: JSONLimits
  private let manner: CheckManner

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    contract = OpenAPIPolicy.contract(&settings, site)
    manner = CheckManner(&settings)
    var rules = RequestCheck.Rules()
    rules.refusesUnknownParameters = !(settings.boolean("extra-parameters") ?? false)
    rules.checksCaller = settings.boolean("security") ?? true
    self.rules = rules
    limits = JSONLimits(&settings)
  }

  private static func contract(_ settings: inout Settings, _ site: PolicySite) -> APIContract? {
    let basePath = settings.path("base-path")
    guard let file = PolicyFile(settings.requiredText("document"), settings, site) else {
      return nil
    }
    var own = APIContract.Settings()
    own.basePath = basePath.map { $0.string == "/" ? "" : $0.string }
    do throws(APIFault) {
      let contract = try APIContract(file.bytes, settings: own)
      for remark in contract.remarks.prefix(remarksMax) {
        settings.warning("\(file.name.shown):\(remark)", at: file.name.position)
      }
      return contract
    } catch {
      settings.error("\(file.name.shown):\(error)", at: file.name.position)
      return nil
    }
  }

  // MARK: Requests

  /// Decides by the head of a request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard let contract else { return .deny(Denial(.internalError)) }
    guard manner.looksAt(exchange) else { return .proceed }
    let path = OpenAPIPolicy.path(exchange)
    exchange.tape.limits = limits
    var check = RequestCheck(contract, rules: rules, exchange.request, path: path)
    if check.alternativeCount == 0 { return conclude(check, &exchange) }
    var first: RequestCheck?
    for place in 0..<check.alternativeCount {
      check.select(place)
      checkHead(&check, &exchange)
      if check.isSound { return .proceed }
      first = first ?? check
    }
    return conclude(first ?? check, &exchange)
  }

  /// Holds what it looks at.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool { manner.looksAt(exchange) }

  /// Decides by the content, once all of it is there.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard let contract, exchange.request.hasBody, manner.looksAt(exchange) else { return .proceed }
    let path = OpenAPIPolicy.path(exchange)
    exchange.tape.limits = limits
    var check = RequestCheck(contract, rules: rules, exchange.request, path: path)
    var first: RequestCheck?
    for place in 0..<check.alternativeCount {
      check.select(place)
      if check.alternativeCount > 1 { checkHead(&check, &exchange) }
      check.checkContent(content, exchange.request, &exchange.tape)
      if check.isSound { return .proceed }
      first = first ?? check
    }
    // Where the operation is not known, the head was found wanting already.
    guard let first else { return .proceed }
    return conclude(first, &exchange)
  }

  private func checkHead(_ check: inout RequestCheck, _ exchange: inout Exchange) {
    let isKnown = exchange.consumer.map { !$0.isAnonymous } ?? false
    check.checkHead(
      exchange.request, path: OpenAPIPolicy.path(exchange), isKnown: isKnown, &exchange.tape)
  }

  /// The path as the client asked for it.
  private static func path(_ exchange: borrowing Exchange) -> Slice {
    exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
  }

  private func conclude(_ check: RequestCheck, _ exchange: inout Exchange) -> Verdict {
    let violations = check.violations.map {
      Violation($0.place.rawValue, $0.name, $0.rule, $0.expected, found: $0.found)
    }
    if let allow = check.allow, manner.mode == .block {
      exchange.replyFields.append(name: "allow", value: allow.utf8.span)
    }
    return manner.conclude(
      violations, of: check.operationName, OpenAPIPolicy.denial(check), &exchange)
  }

  private static func denial(_ check: RequestCheck) -> Denial {
    if check.allow != nil { return Denial(.methodNotAllowed, reason: "method not described") }
    if check.isUnknown { return Denial(.notFound, reason: "operation not described") }
    if check.needsCaller {
      return Denial(
        .credentialsRequired, challenge: "Bearer",
        reason: "the description asks for credentials, and no policy knows the caller")
    }
    if check.isUnsupportedType {
      return Denial(.unsupportedMediaType, reason: "content type not described")
    }
    return Denial(.validationFailed, reason: "not what the description allows")
  }
}

extension OpenAPIPolicy {
  /// What the policy is called, when it runs, and its options.
  public static var manifest: PolicyManifest {
    PolicyManifest(
      name: "openapi", stage: .inspection,
      summary: "Lets through only what the description of the API allows.",
      options: [
        .init(
          "document", "path", default: "required",
          "OpenAPI 3.0 to 3.2, or Swagger 2.0; JSON or YAML"),
        .init(
          "base-path", "path", default: "those of the servers",
          "what stands before the description's paths"),
        .init(
          "extra-parameters", "boolean", default: "false",
          "whether the query may have parameters that are not described"),
        .init(
          "security", "boolean", default: "true",
          "whether operations that ask for credentials need a caller that a policy knows"),
      ] + CheckManner.options + JSONLimits.options)
  }
}
