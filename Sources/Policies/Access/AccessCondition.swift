import Base
import Expression
import Formats
import HTTP
import PolicyKit

/// The condition of an `access` policy: what of an exchange its expression may ask for.
struct AccessCondition: Sendable {
  private enum Variable: Int, CaseIterable {
    case method, path, host, scheme, headers, query, parameters
    case name, roles, groups, scopes, claims, address, unix, hour, weekday, content

    var declaration: (String, ExpressionType) {
      switch self {
      case .method: ("request.method", .string)
      case .path: ("request.path", .string)
      case .host: ("request.host", .string)
      case .scheme: ("request.scheme", .string)
      case .headers: ("request.headers", .map)
      case .query: ("request.query", .map)
      case .parameters: ("params", .map)
      case .name: ("identity.name", .string)
      case .roles: ("identity.roles", .list)
      case .groups: ("identity.groups", .list)
      case .scopes: ("identity.scopes", .list)
      case .claims: ("identity.claims", .map)
      case .address: ("client.address", .address)
      case .unix: ("time.unix", .int)
      case .hour: ("time.hour", .int)
      case .weekday: ("time.weekday", .int)
      case .content: ("body", .map)
      }
    }
  }

  private let expression: Expression
  private let parameters: [String: PathParameter]
  /// Whether it can be decided with the content alone.
  let readsContent: Bool

  /// Reads the condition; what is wrong with it is reported at its place.
  init?(_ text: Text, at site: PolicySite, _ settings: inout Settings) {
    let names = PathParameter.names(at: site)
    var environment = ExpressionEnvironment()
    var withoutContent = ExpressionEnvironment()
    for variable in Variable.allCases {
      let (name, type) = variable.declaration
      let keys = variable == .parameters ? names : nil
      environment.declare(name, type, keys: keys)
      if variable != .content { withoutContent.declare(name, type, keys: keys) }
    }
    readsContent = (try? Expression(text.string, in: withoutContent)) == nil
    do throws(ExpressionError) {
      expression = try Expression(text.string, in: environment)
    } catch {
      settings.error(
        "'when' is no condition: at character \(error.offset + 1), \(error.message)", at: "when")
      return nil
    }
    if expression.type != .bool, expression.type != .dynamic {
      settings.error(
        "'when' is a \(expression.type.rawValue)", expected: "a condition, true or false",
        at: "when")
      return nil
    }
    parameters = Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        PathParameter(name, at: site).map { (name, $0) }
      })
  }

  /// Whether it holds for an exchange; if it cannot be worked out it does not.
  func holds(_ exchange: borrowing Exchange, _ content: ContentValues? = nil) -> Bool {
    expression.holds { number, key in
      guard let variable = Variable(rawValue: number) else { return nil }
      if variable == .content { return key.flatMap { content?.value($0) } }
      return value(variable, key, exchange)
    }
  }

  private func value(
    _ variable: Variable, _ key: String?, _ exchange: borrowing Exchange
  ) -> ExpressionValue? {
    switch variable {
    case .method: text(exchange.request.fields, exchange.request.methodText)
    case .path: text(exchange.request.fields, AccessCondition.path(exchange))
    case .host: text(exchange.request.fields, exchange.request.host)
    case .scheme: .string(exchange.isSecure ? "https" : "http")
    case .headers: key.flatMap { AccessCondition.header($0, exchange.request.fields) }
    case .query: key.flatMap { AccessCondition.query($0, exchange.request) }
    case .parameters: key.flatMap { parameter($0, exchange) }
    case .name: exchange.consumer.flatMap { $0.name.isEmpty ? nil : .string($0.name) }
    case .roles: exchange.consumer.map { .list($0.roles.sorted().map { .string($0) }) }
    case .groups: exchange.consumer.map { .list($0.groups.sorted().map { .string($0) }) }
    case .scopes:
      exchange.consumer?.scopes.map { .list($0.sorted().map { .string($0) }) }
    case .claims: key.flatMap { exchange.consumer?.claims?.root[$0] }.map(ExpressionValue.init)
    case .address: .address(exchange.client)
    case .unix: .int(Int64(exchange.wallMilliseconds / 1000))
    case .hour: .int(Int64(exchange.wallMilliseconds / 3_600_000 % 24))
    // The first of January 1970 was a Thursday; Sunday is 0, as in CEL.
    case .weekday: .int(Int64((exchange.wallMilliseconds / 86_400_000 + 4) % 7))
    case .content: nil
    }
  }

  private func text(_ fields: borrowing Fields, _ slice: Slice) -> ExpressionValue {
    .string(fields.text(slice))
  }

  private static func path(_ exchange: borrowing Exchange) -> Slice {
    exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
  }

  /// The values of all fields of that name, as one list (RFC 9110 §5.2).
  private static func header(_ name: String, _ fields: borrowing Fields) -> ExpressionValue? {
    let wanted = Array(name.lowercased().utf8)
    var found: String?
    for index in fields.lines.indices {
      let line = fields.lines[index]
      guard !line.name.isEmpty, ASCII.equals(fields[line.name], wanted.span) else { continue }
      found = found.map { $0 + ", " + fields.text(line.value) } ?? fields.text(line.value)
    }
    return found.map { .string($0) }
  }

  /// The value of a parameter that stands there once; of two, the upstream may read either.
  private static func query(
    _ name: String, _ request: borrowing RequestHead
  ) -> ExpressionValue? {
    let wanted = Array(name.utf8)
    let text = request.fields[request.query]
    var pairs = QueryPairs()
    var found: Range<Int>?
    while let pair = pairs.next(in: text) {
      guard QueryPairs.isName(text.extracting(pair.name), wanted.span) else { continue }
      if found != nil { return nil }
      found = pair.value
    }
    return found.flatMap { decoded(text.extracting($0)) }
  }

  private func parameter(_ name: String, _ exchange: borrowing Exchange) -> ExpressionValue? {
    guard let parameter = parameters[name] else { return nil }
    let place = parameter.find(
      exchange.request.fields, AccessCondition.path(exchange), exchange.route)
    return place.isEmpty ? nil : AccessCondition.decoded(exchange.request.fields[place])
  }

  /// Text whose percent-encoding is undone; none if it is broken or no UTF-8.
  private static func decoded(_ encoded: Span<UInt8>) -> ExpressionValue? {
    guard let bytes = QueryPairs.decoded(encoded) else { return nil }
    return String(validating: bytes, as: UTF8.self).map { .string($0) }
  }
}
