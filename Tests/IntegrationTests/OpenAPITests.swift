import Foundation
import Testing

/// Requests held against the description of the API by the real gateway.
@Suite(.serialized) struct OpenAPITests {
  private static let description = """
    openapi: 3.0.3
    info: { title: Pets, version: '1' }
    paths:
      /pets:
        get: { parameters: [{ name: limit, in: query, schema: { type: integer } }] }
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [name]
                  properties: { name: { type: string, maxLength: 8 } }
    """

  private let file: URL
  private let upstream: TestUpstream

  init() throws {
    file = FileManager.default.temporaryDirectory.appending(path: "pets-\(UUID()).yaml")
    try Data(OpenAPITests.description.utf8).write(to: file)
    upstream = try TestUpstream()
  }

  private func gateway(_ more: String = "") throws -> RunningGateway {
    try RunningGateway(
      services: """
          - name: pets
            upstreams: [http://127.0.0.1:\(upstream.port)]
            policies: [{ openapi: { document: \(file.path)\(more) } }]
            routes: [{ paths: [/], public: true }]
        """)
  }

  private static func post(
    _ client: Client, _ body: String, type: String = "application/json"
  ) throws -> Answer {
    try client.request(
      "POST", "/pets", ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"], body: body)
  }

  @Test func `What is described passes, and what is not is named and logged`() throws {
    let gateway = try gateway()
    let client = try gateway.client()
    #expect(try client.request("GET", "/pets?limit=3").status == 200)
    let good = try OpenAPITests.post(client, #"{"name":"Rex"}"#)
    #expect(good.status == 200)
    #expect(good.body.contains(#"{"name":"Rex"}"#))
    let bad = try OpenAPITests.post(client, #"{"name":"Tyrannosaurus"}"#)
    #expect(bad.status == 400)
    #expect(
      bad.body.contains(
        #""errors":[{"in":"body","pointer":"/name","rule":"maxLength","#
          + #""expected":"at most 8 characters","found":"string"}]"#))
    #expect(!bad.body.contains("Tyranno"))
    #expect(try client.request("GET", "/pets?limit=x").problem == "validation-failed")
    #expect(try client.request("GET", "/cats").problem == "not-found")
    let other = try client.request("DELETE", "/pets")
    #expect(other.problem == "method-not-allowed")
    #expect(other.fields["allow"] == "GET, POST")
    let xml = try OpenAPITests.post(client, "<a/>", type: "text/xml")
    #expect(xml.problem == "unsupported-media-type")
    try Waiting.until("the log") { gateway.accessLog.count == 7 }
    let line = "\(gateway.accessLog[2])"
    #expect(line.contains("body /name maxLength: expected at most 8 characters"))
    #expect(!line.contains("Tyranno"))
  }

  @Test func `Reports let everything through, and terse answers tell no place`() throws {
    let reporting = try gateway(", mode: report")
    let client = try reporting.client()
    #expect(try client.request("GET", "/pets?limit=x").status == 200)
    #expect(try client.request("GET", "/cats").status == 200)
    try Waiting.until("the log") { reporting.accessLog.count == 2 }
    #expect("\(reporting.accessLog[0])".contains("query limit type: expected integer"))
    let silent = try gateway(", errors: terse")
    let terse = try silent.client().request("GET", "/pets?limit=x")
    #expect(terse.problem == "validation-failed")
    #expect(!terse.body.contains("limit"))
    withExtendedLifetime((upstream, silent)) {}
  }

  // What no route has never reaches a policy: the router alone refuses it.
  @Test func `A service has a route for each path of its description`() throws {
    let gateway = try RunningGateway(
      services: """
          - name: pets
            openapi: \(file.path)
            upstreams: [http://127.0.0.1:\(upstream.port)]
            public: true
        """)
    let client = try gateway.client()
    #expect(try client.request("GET", "/pets?limit=3").status == 200)
    #expect(try client.request("GET", "/pets?limit=x").problem == "validation-failed")
    #expect(try client.request("GET", "/cats").problem == "not-found")
    try Waiting.until("the log") { gateway.accessLog.count == 3 }
    #expect("\(gateway.accessLog[0])".contains(#""route":"pets""#))
    #expect("\(gateway.accessLog[2])".contains("no route"))
  }

  @Test func `A description that cannot be read keeps the gateway from starting`() throws {
    try Data("openapi: 3.0.3\npaths: { pets: {} }".utf8).write(to: file)
    #expect(throws: GatewayError.self) { try self.gateway() }
  }
}
