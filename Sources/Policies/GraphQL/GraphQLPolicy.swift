import Base
public import Formats
import GraphQL
import HTTP
public import PolicyKit

/// `graphql`: bounds what GraphQL requests ask for.
public final class GraphQLPolicy: RequestPolicy, BodyPolicy {
  private let check: GraphQLCheck
  private let manner: CheckManner
  /// The only documents that pass; nil for any.
  private let documents: ListedDocuments?

  /// Compiles the settings; what is wrong is reported through them.
  public init(_ settings: inout Settings, at site: PolicySite) {
    var check = GraphQLCheck()
    if var limits = settings.settings("limits") {
      GraphQLPolicy.read(&limits, &check)
      limits.finish()
    }
    check.schema = GraphQLPolicy.schema(&settings, site)
    self.check = check
    manner = CheckManner(&settings)
    documents = ListedDocuments(&settings, site)
  }

  private static func schema(_ settings: inout Settings, _ site: PolicySite) -> GraphQLSchema? {
    guard let file = PolicyFile(settings.text("schema"), settings, site) else { return nil }
    do throws(GraphQLFault) {
      return try GraphQLSchema(file.bytes)
    } catch {
      let place = Position(of: error.offset, in: file.bytes)
      let found = error.found.isEmpty ? "" : ", found '\(error.found)'"
      settings.error(
        "\(file.name.shown):\(place.line):\(place.column): no schema of GraphQL: expected "
          + "\(error.expected)\(found)", at: file.name.position)
      return nil
    }
  }

  /// Reads the limits, by the names that the guide has.
  private static func read(_ settings: inout Settings, _ check: inout GraphQLCheck) {
    let numbers: [(String, WritableKeyPath<GraphQLLimits, Int>, ClosedRange<Int>)] = [
      ("depth", \.depthMax, 1...100), ("fields", \.fieldsMax, 1...100_000),
      ("root_fields", \.rootFieldsMax, 1...10_000), ("aliases", \.aliasesMax, 0...10_000),
      ("directives", \.directivesMax, 0...10_000), ("fragments", \.fragmentsMax, 0...1000),
      ("operations", \.operationsMax, 1...1000), ("batch", \.batchMax, 1...1000),
      ("tokens", \.tokensMax, 1...1_000_000), ("list_arguments", \.listMax, 0...1_000_000),
      ("value_depth", \.valueDepthMax, 1...100),
      ("complexity", \.complexityMax, 1...1_000_000_000),
    ]
    for (key, path, range) in numbers {
      if let value = settings.integer(key, in: range) { check.limits[keyPath: path] = value }
    }
    if let size = settings.size("bytes", in: 1...64 * 1024 * 1024) { check.limits.bytesMax = size }
    check.allowsIntrospection = settings.boolean("introspection") ?? false
    check.allowsUnsafeGet = settings.boolean("mutation_over_get") ?? false
  }

  // MARK: Requests

  /// Decides on a request whose document is in the URL, and whether content may be one.
  public func review(_ exchange: inout Exchange) -> Verdict {
    guard manner.looksAt(exchange) else { return .proceed }
    let parts: QueryParts
    do throws(GraphQLFault) {
      parts = try QueryParts(exchange.request)
    } catch {
      return conclude(error, "query", .validationFailed, &exchange)
    }
    switch exchange.request.method {
    case .get, .head:
      do throws(GraphQLFault) {
        guard !exchange.request.hasBody else { throw parts.second }
        try decide(
          GraphQLRequest(
            query: parts.query, operationName: parts.operationName, variables: parts.variables,
            extensions: parts.extensions, check.limits), isSafe: true)
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
      if manner.mode == .block { exchange.replyFields.append(name: "allow", text: "GET, POST") }
      return conclude(parts.wrongMethod, "operation", .methodNotAllowed, &exchange)
    }
  }

  /// Holds what it looks at.
  public func holdsContent(of exchange: borrowing Exchange) -> Bool { manner.looksAt(exchange) }

  /// Decides on a document in the content.
  public func inspect(_ content: Span<UInt8>, of exchange: inout Exchange) -> Verdict {
    guard exchange.request.method == .post, manner.looksAt(exchange) else { return .proceed }
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
    var request = request
    try ListedDocuments.resolve(&request, by: documents)
    try check.check(request, isSafe: isSafe)
  }

  /// A type that no form of a web page can send (CSRF), and content that can be read as it is.
  private static func isJSON(_ request: borrowing RequestHead) -> Bool {
    guard request.fields.count(.contentEncoding) == 0,
      let type = MediaType(of: request.fields), type.isUTF8
    else { return false }
    return ASCII.equals(type.essence.span, "application/json")
  }

  private func conclude(
    _ fault: GraphQLFault, _ place: String, _ problem: Problem, _ exchange: inout Exchange
  ) -> Verdict {
    let violation = Violation(
      place, fault.offset > 0 ? "byte \(fault.offset)" : "", fault.rule, fault.expected,
      found: fault.found)
    return manner.conclude(
      [violation], of: "", Denial(problem, reason: "not what the rules for GraphQL allow"),
      &exchange)
  }
}
