import Base
public import Formats
import HTTP
import OpenAPI
public import PolicyKit

/// `openapi`: lets through only what the description of the API allows.
public final class OpenAPIPolicy: RequestPolicy, BodyPolicy {
  /// What is done about a request that is not allowed.
  private enum Mode: String, CaseIterable { case block, report }
  /// How much a client is told.
  private enum Errors: String, CaseIterable { case full, terse }

  /// Longest description, in bytes.
  private static let descriptionBytesMax = 64 * 1024 * 1024
  /// Most remarks on a description that are shown.
  private static let remarksMax = 5

  private let contract: APIContract?
  private let rules: RequestCheck.Rules
  private let limits: JSONLimits
  private let mode: Mode
  private let errors: Errors

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    contract = OpenAPIPolicy.contract(&settings, site)
    mode = settings.choice("mode", of: Mode.self) ?? .block
    errors = settings.choice("errors", of: Errors.self) ?? .full
    var rules = RequestCheck.Rules()
    rules.refusesUnknownParameters = !(settings.boolean("extra-parameters") ?? false)
    rules.checksCaller = settings.boolean("security") ?? true
    self.rules = rules
    var limits = JSONLimits()
    limits.bytesMax = JSONLimits.bytesBound
    limits.stringBytesMax = JSONLimits.bytesBound
    limits.depthMax = settings.integer("json-depth", in: 1...256) ?? limits.depthMax
    limits.valuesMax = settings.integer("json-values", in: 1...1_048_576) ?? limits.valuesMax
    self.limits = limits
  }

  private static func contract(_ settings: inout Settings, _ site: PolicySite) -> APIContract? {
    let basePath = settings.path("base-path")
    guard let file = settings.requiredText("file") else { return nil }
    let bytes: [UInt8]
    switch site.files.read(file.string, bytesMax: descriptionBytesMax) {
    case .bytes(let found): bytes = found
    case .failed(let reason):
      settings.error("\(file.shown) \(reason)", at: file.position)
      return nil
    }
    var own = APIContract.Settings()
    own.basePath = basePath.map { $0.string == "/" ? "" : $0.string }
    do throws(APIFault) {
      let contract = try APIContract(bytes, settings: own)
      for remark in contract.remarks.prefix(remarksMax) {
        settings.warning("\(file.shown):\(remark)", at: file.position)
      }
      return contract
    } catch {
      settings.error("\(file.shown):\(error)", at: file.position)
      return nil
    }
  }

  // MARK: Requests

  /// Decides by the head of a request.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard let contract else { return .deny(Denial(.internalError)) }
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

  /// Decides by the content, once all of it is there.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard let contract, exchange.request.hasBody else { return .proceed }
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
    check.checkHead(
      exchange.request, path: OpenAPIPolicy.path(exchange), isKnown: exchange.consumer != nil,
      &exchange.tape)
  }

  /// The path as the client asked for it.
  private static func path(_ exchange: borrowing Exchange) -> Slice {
    exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
  }

  private func conclude(_ check: RequestCheck, _ exchange: inout Exchange) -> Verdict {
    let violations = check.violations.map {
      Violation(
        place: $0.place.rawValue, name: $0.name, rule: $0.rule, expected: $0.expected,
        found: $0.found)
    }
    exchange.detail = Violation.detail(violations, of: check.operationName)
    if mode == .report { return .proceed }
    if errors == .full { exchange.problemErrors = Violation.json(violations) }
    if let allow = check.allow {
      exchange.replyFields.append(name: "allow", value: allow.utf8.span)
      return .deny(Denial(.methodNotAllowed, reason: "method not described"))
    }
    if check.isUnknown { return .deny(Denial(.notFound, reason: "operation not described")) }
    if check.needsCaller {
      return .deny(
        Denial(
          .credentialsRequired, challenge: "Bearer",
          reason: "the description asks for credentials, and no policy knows the caller"))
    }
    if check.isUnsupportedType {
      return .deny(Denial(.unsupportedMediaType, reason: "content type not described"))
    }
    return .deny(Denial(.validationFailed, reason: "not what the description allows"))
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
          "file", "path", default: "required", "OpenAPI 3.0 or 3.1, or Swagger 2.0; JSON or YAML"),
        .init(
          "base-path", "path", default: "those of the servers",
          "what stands before the description's paths"),
        .init("mode", "word", default: "block", "block, or report: let through and log"),
        .init("errors", "word", default: "full", "full, or terse: clients learn no places"),
        .init(
          "extra-parameters", "boolean", default: "false",
          "whether the query may have parameters that are not described"),
        .init(
          "security", "boolean", default: "true",
          "whether operations that ask for credentials need a caller that a policy knows"),
        .init("json-depth", "count", default: "32", "deepest nesting of JSON"),
        .init("json-values", "count", default: "16384", "most values of one JSON text"),
      ])
  }
}
