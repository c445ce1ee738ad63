import Base
public import Formats
import GraphQL
import HTTP
public import PolicyKit

/// `graphql`: bounds what GraphQL requests ask for.
public final class GraphQLPolicy: RequestPolicy, BodyPolicy {
  /// What is done about a request that is not allowed.
  private enum Mode: String, CaseIterable { case block, report }
  /// How much a client is told.
  private enum Errors: String, CaseIterable { case full, terse }

  /// Longest list of documents, in bytes.
  private static let documentsBytesMax = 64 * 1024 * 1024

  private let check: GraphQLCheck
  private let mode: Mode
  private let errors: Errors
  /// The only documents that pass; nil for any.
  private let documents: Set<String>?

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    var check = GraphQLCheck()
    check.allowsIntrospection = settings.boolean("introspection") ?? false
    let numbers: [(String, WritableKeyPath<GraphQLLimits, Int>, ClosedRange<Int>)] = [
      ("depth", \.depthMax, 1...100), ("fields", \.fieldsMax, 1...100_000),
      ("root-fields", \.rootFieldsMax, 1...10_000), ("aliases", \.aliasesMax, 0...10_000),
      ("directives", \.directivesMax, 0...10_000), ("fragments", \.fragmentsMax, 0...1000),
      ("operations", \.operationsMax, 1...1000), ("batch", \.batchMax, 1...1000),
      ("tokens", \.tokensMax, 1...1_000_000), ("list", \.listMax, 0...1_000_000),
      ("value-depth", \.valueDepthMax, 1...100), ("complexity", \.complexityMax, 1...1_000_000_000),
    ]
    for (key, path, range) in numbers {
      if let value = settings.integer(key, in: range) { check.limits[keyPath: path] = value }
    }
    if let size = settings.size("size", in: 1...64 * 1024 * 1024) { check.limits.bytesMax = size }
    self.check = check
    mode = settings.choice("mode", of: Mode.self) ?? .block
    errors = settings.choice("errors", of: Errors.self) ?? .full
    documents = GraphQLPolicy.documents(&settings, site)
  }

  /// The texts of a JSON object, by whatever names; an empty set if they cannot be had.
  private static func documents(_ settings: inout Settings, _ site: PolicySite) -> Set<String>? {
    guard let file = settings.text("documents") else { return nil }
    let bytes: [UInt8]
    switch site.files.read(file.string, bytesMax: documentsBytesMax) {
    case .bytes(let found): bytes = found
    case .failed(let reason):
      settings.error("\(file.shown) \(reason)", at: file.position)
      return []
    }
    do throws(JSONFault) {
      let texts = try JSONValue(parsing: bytes, limits: .document).members.compactMap(
        \.value.string)
      if texts.isEmpty {
        settings.error(
          "\(file.shown) names no document", expected: "an object of texts", at: file.position)
      }
      return Set(texts)
    } catch {
      settings.error("\(file.shown) is no JSON: \(error)", at: file.position)
      return []
    }
  }

  // MARK: Requests

  /// Decides on a request whose document is in the URL, and whether content may be one.
  public func review(_ exchange: inout Exchange) -> Verdict {
    let parts: QueryParts
    do throws(GraphQLFault) {
      parts = try QueryParts(exchange.request)
    } catch {
      return conclude(error, "query", .validationFailed, &exchange)
    }
    switch exchange.request.method {
    case .get, .head:
      do throws(GraphQLFault) {
        guard let query = parts.query else { throw parts.missing }
        guard !exchange.request.hasBody else { throw parts.second }
        try decide(
          GraphQLRequest(
            query: query, operationName: parts.operationName, variables: parts.variables,
            check.limits), isSafe: true)
      } catch {
        return conclude(error, "query", .validationFailed, &exchange)
      }
      return .proceed
    case .post:
      // Servers may take a document in the URL before that in the content.
      if parts.hasAny { return conclude(parts.second, "query", .validationFailed, &exchange) }
      guard GraphQLPolicy.isJSON(exchange.request) else {
        return conclude(parts.wrongType, "header", .unsupportedMediaType, &exchange)
      }
      return .proceed
    default:
      exchange.replyFields.append(name: "allow", text: "GET, POST")
      return conclude(parts.wrongMethod, "operation", .methodNotAllowed, &exchange)
    }
  }

  /// Decides on a document in the content.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard exchange.request.method == .post else { return .proceed }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(content.count)
    for at in content.indices { bytes.append(content[at]) }
    do throws(GraphQLFault) {
      for request in try GraphQLRequest.all(bytes, check.limits) {
        try decide(request, isSafe: false)
      }
    } catch {
      return conclude(error, "body", .validationFailed, &exchange)
    }
    return .proceed
  }

  private func decide(_ request: GraphQLRequest, isSafe: Bool) throws(GraphQLFault) {
    if let documents, !documents.contains(request.query) { throw QueryParts.notListed }
    try check.check(request, isSafe: isSafe)
  }

  /// A type that no form of a web page can send (CSRF), and content that can be read as it is.
  private static func isJSON(_ request: borrowing RequestHead) -> Bool {
    let type = Array("content-type".utf8)
    let encoding = Array("content-encoding".utf8)
    guard request.fields.count(named: encoding.span) == 0,
      request.fields.count(named: type.span) == 1,
      let value = request.fields.value(named: type.span)
    else { return false }
    let bytes = Array(request.fields.arena[value.range])
    let essence = bytes.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
    return ASCII.equalsIgnoringCase(Array(essence).span, "application/json")
  }

  private func conclude(
    _ fault: GraphQLFault, _ place: String, _ problem: Problem, _ exchange: inout Exchange
  ) -> Verdict {
    let violation = Violation(
      place: place, name: fault.offset > 0 ? "byte \(fault.offset)" : "", rule: fault.rule,
      expected: fault.expected, found: fault.found)
    exchange.detail = Violation.detail([violation], of: "")
    if mode == .report { return .proceed }
    if errors == .full { exchange.problemErrors = Violation.json([violation]) }
    return .deny(Denial(problem, reason: "not what the rules for GraphQL allow"))
  }
}
