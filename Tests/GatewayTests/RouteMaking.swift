import Base
import Formats
import HTTP

@testable import Blueprint
@testable import Gateway

/// A route of one line, as a test writes it.
func route(
  hosts: [String] = [], _ paths: [String] = ["/"], methods: [String] = [],
  headers: [String: String] = [:], rule: RouteBlueprint.PathRule? = nil, inAnyCase: Bool = false
) throws -> RouteBlueprint {
  var made = RouteBlueprint(
    name: nil, hosts: try hosts.map { text in try HostPattern(text) },
    paths: try paths.map { text in try PathPattern(text) }, methods: methods,
    headers: headers.sorted { $0.key < $1.key }
      .map { RouteBlueprint.Header(name: $0.key, value: $0.value) },
    isPublic: true, pathRule: rule, stripPrefix: false, policies: [], timeouts: nil,
    position: .start)
  made.ignoresPathCase = inAnyCase
  return made
}

/// A router whose routes are numbered in their order.
func router(_ routes: [RouteBlueprint]) -> Router {
  Router(routes.enumerated().map { RouterEntry(route: $0.offset, blueprint: $0.element) })
}

/// A request as the parser would have left it.
func request(
  _ method: String, host: String = "h", _ path: String,
  headers: [(String, String)] = [], traits: PathTraits = []
) -> RequestHead {
  var head = RequestHead()
  head.method = HTTP.Method(method.utf8.span)
  head.methodText = head.fields.store(method.utf8.span)
  head.host = head.fields.store(host.utf8.span)
  head.path = head.fields.store(path.utf8.span)
  head.pathTraits = traits
  for (name, value) in headers {
    head.fields.append(name: name.utf8.span, value: value.utf8.span)
  }
  return head
}

/// A GET request.
func request(
  host: String = "h", _ path: String, headers: [(String, String)] = [], traits: PathTraits = []
) -> RequestHead {
  request("GET", host: host, path, headers: headers, traits: traits)
}
