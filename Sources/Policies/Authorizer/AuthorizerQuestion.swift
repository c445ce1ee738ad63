import Base
import Formats
import HTTP
import PolicyKit

/// What an authorizer is asked about a request, and how its answer is read.
struct AuthorizerQuestion: Sendable {
  private let url: String
  private let authorities: TrustedAuthorities?
  private let dialect: AuthorizerPolicy.Dialect
  private let told: [String]
  private let appendsPath: Bool
  private let upstreamNames: [String]
  private let clientNames: [String]
  private let parameters: [String: PathParameter]
  private let routes: [PolicyRoute]

  /// Longest answer, in bytes.
  private static let answerBytesMax = 64 * 1024
  /// Longest reason that is logged, in bytes.
  private static let reasonBytesMax = 256

  init(_ settings: inout Settings, at site: PolicySite) {
    let dialect = settings.choice("type", of: AuthorizerPolicy.Dialect.self) ?? .http
    self.dialect = dialect
    url = RemoteURL.required("url", &settings) ?? ""
    authorities = AuthoritySetting.read(&settings, site)
    told =
      AuthorizerQuestion.names("headers", &settings) ?? (dialect == .http ? ["authorization"] : [])
    appendsPath = settings.boolean("append-path") ?? true
    upstreamNames = AuthorizerQuestion.names("upstream-headers", &settings) ?? []
    clientNames = AuthorizerQuestion.names("client-headers", &settings) ?? []
    if dialect == .opa {
      for key in ["append-path", "upstream-headers", "client-headers"]
      where settings.node(key) != nil {
        settings.error("'\(key)' is for 'type: http'", at: key)
      }
    }
    routes = site.routes
    parameters = Dictionary(
      uniqueKeysWithValues: PathParameter.names(at: site).compactMap { name in
        PathParameter(name, at: site).map { (name, $0) }
      })
  }

  /// Names of fields that are neither about the connection nor about framing.
  private static func names(_ key: String, _ settings: inout Settings) -> [String]? {
    settings.texts(key)?.compactMap { text in
      let name = text.string.lowercased()
      let id = FieldName(name.utf8.span)
      let isFraming = id.isHopByHop || id == .contentLength || id == .host || id == .expect
      guard !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken), !isFraming else {
        settings.refuse(text, key, expected: "the name of a field that may be passed on")
        return nil
      }
      return name
    }
  }

  /// The request to the authorizer.
  func request(_ exchange: borrowing Exchange) -> NeedRequest {
    switch dialect {
    case .http: plain(exchange)
    case .opa:
      NeedRequest(
        "POST", url,
        fields: [("content-type", "application/json"), ("accept", "application/json")],
        body: input(exchange), bytesMax: AuthorizerQuestion.answerBytesMax,
        authorities: authorities)
    }
  }

  /// All that a question says, in one text: equal texts are one question.
  static func text(_ request: NeedRequest) -> [UInt8] {
    var text = Array("\(request.method) \(request.url)\n".utf8)
    for field in request.fields { text += Array("\(field.name):\(field.value)\n".utf8) }
    return text + [0x0A] + (request.body ?? [])
  }

  private static func path(_ exchange: borrowing Exchange) -> Slice {
    exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
  }

  private func fields(_ exchange: borrowing Exchange) -> [(name: String, value: String)] {
    let own = exchange.request.fields
    return told.compactMap { name in
      var values: [String] = []
      for line in own.lines where !line.name.isEmpty && ASCII.equals(own[line.name], name.utf8.span)
      {
        values.append(own.text(line.value))
      }
      return values.isEmpty ? nil : (name, values.joined(separator: ", "))
    }
  }

  // MARK: Envoy's external authorization

  /// The request's own method and target, without its content.
  private func plain(_ exchange: borrowing Exchange) -> NeedRequest {
    let request = exchange.request
    let method = request.fields.text(request.methodText)
    let query = request.hasQuery ? "?" + request.fields.text(request.query) : ""
    let target = request.fields.text(AuthorizerQuestion.path(exchange)) + query
    var fields = fields(exchange)
    fields += [
      ("x-forwarded-method", method), ("x-forwarded-uri", target),
      ("x-forwarded-host", request.fields.text(request.host)),
      ("x-forwarded-proto", exchange.isSecure ? "https" : "http"),
      ("x-forwarded-for", "\(exchange.client)"),
    ]
    if let name = exchange.consumer?.name, !name.isEmpty { fields.append(("x-consumer-id", name)) }
    let base = url.hasSuffix("/") ? String(url.dropLast()) : url
    return NeedRequest(
      method, appendsPath ? base + target : url, fields: fields,
      bytesMax: AuthorizerQuestion.answerBytesMax,
      authorities: authorities)
  }

  // MARK: Open Policy Agent

  private func input(_ exchange: borrowing Exchange) -> [UInt8] {
    let request = exchange.request
    let path = request.fields.text(AuthorizerQuestion.path(exchange))
    var json = JSONWriter()
    json.beginObject()
    json.key("input")
    json.beginObject()
    json.key("method")
    json.string(request.fields.text(request.methodText))
    json.key("path")
    json.string(path)
    json.key("parsed_path")
    json.beginArray()
    for part in path.split(separator: "/") { json.string(String(part)) }
    json.endArray()
    json.key("host")
    json.string(request.fields.text(request.host))
    json.key("scheme")
    json.string(exchange.isSecure ? "https" : "http")
    json.key("query")
    writeQuery(request, &json)
    json.key("headers")
    json.beginObject()
    for field in fields(exchange) {
      json.key(escaping: field.name)
      json.string(field.value)
    }
    json.endObject()
    json.key("params")
    writeParameters(exchange, &json)
    json.key("client")
    json.string("\(exchange.client)")
    writeRoute(exchange.route, &json)
    json.key("identity")
    writeIdentity(exchange.consumer, &json)
    json.endObject()
    json.endObject()
    return json.bytes
  }

  /// By name a list of the values that stand there, decoded.
  private func writeQuery(_ request: borrowing RequestHead, _ json: inout JSONWriter) {
    var values: [(name: String, values: [String])] = []
    let text = request.fields[request.query]
    var pairs = QueryPairs()
    while let pair = pairs.next(in: text) {
      guard let name = QueryPairs.decoded(text.extracting(pair.name)),
        let value = QueryPairs.decoded(text.extracting(pair.value))
      else { continue }
      let key = String(decoding: name, as: UTF8.self)
      let word = String(decoding: value, as: UTF8.self)
      if let place = values.firstIndex(where: { $0.name == key }) {
        values[place].values.append(word)
      } else {
        values.append((key, [word]))
      }
    }
    json.beginObject()
    for (name, words) in values {
      json.key(escaping: name)
      json.words(words)
    }
    json.endObject()
  }

  private func writeParameters(_ exchange: borrowing Exchange, _ json: inout JSONWriter) {
    json.beginObject()
    for (name, parameter) in parameters.sorted(by: { $0.key < $1.key }) {
      let place = parameter.find(
        exchange.request.fields, AuthorizerQuestion.path(exchange), exchange.route)
      guard !place.isEmpty, let value = QueryPairs.decoded(exchange.request.fields[place]) else {
        continue
      }
      json.key(escaping: name)
      json.string(String(decoding: value, as: UTF8.self))
    }
    json.endObject()
  }

  private func writeRoute(_ route: Int, _ json: inout JSONWriter) {
    guard routes.indices.contains(route) else { return }
    json.key("route")
    json.string(String(decoding: routes[route].name, as: UTF8.self))
    json.key("service")
    json.string(routes[route].service)
  }

  private func writeIdentity(_ consumer: Consumer?, _ json: inout JSONWriter) {
    guard let consumer else { return json.null() }
    json.beginObject()
    json.key("name")
    json.string(consumer.name)
    json.key("anonymous")
    json.boolean(consumer.isAnonymous)
    json.key("roles")
    json.words(consumer.roles.sorted())
    json.key("groups")
    json.words(consumer.groups.sorted())
    json.key("scopes")
    json.words((consumer.scopes ?? []).sorted())
    json.key("claims")
    if let claims = consumer.claims { json.value(JSONValue(claims.root)) } else { json.null() }
    json.endObject()
  }

  // MARK: Answers

  /// What an answer decides; nil for one that decides nothing.
  func decision(_ response: NeedResponse) -> AuthorizerDecision? {
    dialect == .http ? plainDecision(response) : agentDecision(response)
  }

  /// 200 allows, what the server failed at decides nothing, all else refuses.
  private func plainDecision(_ response: NeedResponse) -> AuthorizerDecision? {
    switch response.status {
    case 200:
      return AuthorizerDecision(
        kind: .allowed,
        upstreamFields: AuthorizerQuestion.picked(upstreamNames, response))
    case 500...: return nil
    default: break
    }
    var decision = AuthorizerDecision(
      kind: .denied, clientFields: AuthorizerQuestion.picked(clientNames, response))
    let names = decision.clientFields.map { String(decoding: $0.name, as: UTF8.self) }
    if response.status == 401 {
      decision.kind = .unknownCaller(isTold: names.contains("www-authenticate"))
    } else if [301, 302, 303, 307, 308].contains(response.status), names.contains("location") {
      decision.kind = .redirected(status: response.status)
    }
    return decision
  }

  /// `result` is true, or an object whose `allow` is; what is undefined refuses.
  private func agentDecision(_ response: NeedResponse) -> AuthorizerDecision? {
    guard response.status == 200, let index = try? JSONIndex(response.body),
      index.root.kind == .object
    else { return nil }
    let result = index.root["result"]
    let isAllowed = result?.boolean ?? result?["allow"]?.boolean ?? false
    var decision = AuthorizerDecision(kind: isAllowed ? .allowed : .denied)
    if let reason = result?["reason"]?.textBytes {
      decision.detail = Array(reason.prefix(AuthorizerQuestion.reasonBytesMax))
    }
    return decision
  }

  private static func picked(
    _ names: [String], _ response: NeedResponse
  ) -> [AuthorizerDecision.Field] {
    response.fields.filter {
      names.contains($0.name) && $0.value.utf8.allSatisfy(ASCII.isFieldValue)
    }
    .map { AuthorizerDecision.Field(name: Array($0.name.utf8), value: Array($0.value.utf8)) }
  }
}

extension JSONWriter {
  /// A list of strings.
  fileprivate mutating func words(_ words: [String]) {
    beginArray()
    for word in words { string(word) }
    endArray()
  }
}
