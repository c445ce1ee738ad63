import Foundation
import Testing

/// Responses of upstreams held against the description of the API by the real gateway.
@Suite(.serialized) struct ResponseCheckTests {
  private static let description = """
    openapi: 3.0.3
    info: { title: Pets, version: '1' }
    components:
      schemas:
        Pet:
          type: object
          required: [name]
          properties: { name: { type: string }, secret: { type: string, writeOnly: true } }
    paths:
      /{any}:
        parameters: [{ name: any, in: path, required: true, schema: { type: string } }]
        get:
          responses:
            '200':
              description: one
              headers: { X-Count: { required: true, schema: { type: integer } } }
              content:
                application/json: { schema: { $ref: '#/components/schemas/Pet' } }
                image/png: {}
                text/plain: {}
            4XX: { description: none, content: { text/plain: {} } }
    """

  private static func response(
    _ body: String, type: String = "application/json", status: Int = 200,
    more: String = "X-Count: 1\r\n"
  ) -> String {
    "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\n\(more)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static let key = "ghp_" + String(repeating: "a1B2", count: 9)
  private static let long = String(repeating: "x", count: 70_000)
  private static let trace = "Traceback (most recent call last):\n  File a.py"

  private static let answers: [String: String] = [
    "/good": response(#"{"name":"Rex"}"#),
    "/chunked": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Count: 1\r\n"
      + "ETag: \"1\"\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"name\"\r\n8\r\n:\"Rexy\"}\r\n0\r\n\r\n",
    "/undeclared": response(
      #"{"name":"Rex","owner":"Ann"}"#, more: "X-Count: 1\r\nETag: \"1\"\r\n"),
    "/writeonly": response(#"{"name":"Rex","secret":"x"}"#),
    "/wrong": response(#"{"name":7}"#), "/broken": response(#"{"name":"#),
    "/header": response(#"{"name":"Rex"}"#, more: "X-Count: many\r\n"),
    "/status": response(#"{"name":"Rex"}"#, status: 201),
    "/type": response("<a/>", type: "text/html"),
    "/missing": response("none", type: "text/plain", status: 404),
    "/key": response(#"{"name":"\#(key)"}"#),
    "/trace": response(trace, type: "text/plain"),
    "/image": response(long, type: "image/png"),
    "/long": response(#"{"name":"\#(long)"}"#),
    "/cut": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
  ]

  private let file: URL
  private let upstream: ScriptedUpstream

  init() throws {
    file = FileManager.default.temporaryDirectory.appending(path: "answers-\(UUID()).yaml")
    try Data(ResponseCheckTests.description.utf8).write(to: file)
    upstream = try ScriptedUpstream(ResponseCheckTests.answers, closing: ["/cut"])
  }

  private func gateway(_ responses: String) throws -> RunningGateway {
    try RunningGateway(
      services: """
          - name: pets
            upstreams: [http://127.0.0.1:\(upstream.port)]
            policies: [{ openapi: { document: \(file.path), responses: \(responses) } }]
            routes: [{ paths: [/], public: true }]
        """, rest: "limits: { body-buffer: 64KiB }\n", workers: 1)
  }

  @Test func `What is described passes, and what is not is kept from the client`() throws {
    let gateway = try gateway("block")
    let client = try gateway.client()
    #expect(try client.request("GET", "/good").body == #"{"name":"Rex"}"#)
    let chunked = try client.request(
      "GET", "/chunked", ["Accept-Encoding: gzip", "Range: bytes=0-"])
    #expect(chunked.body == #"{"name":"Rexy"}"#)
    #expect(chunked.fields["content-length"] == "15")
    #expect(chunked.fields["etag"] == "\"1\"")
    let head = upstream.visits.last?.head ?? ""
    #expect(head.contains("\r\naccept-encoding: identity") && !head.contains("\r\nrange:"))
    #expect(try client.request("GET", "/missing").status == 404)
    #expect(try client.request("GET", "/image").body.utf8.count == 70_000)
    let refused = [
      "/undeclared", "/writeonly", "/wrong", "/broken", "/header", "/status", "/type", "/key",
      "/trace", "/long",
    ]
    for path in refused {
      let answer = try client.request("GET", path)
      #expect(answer.status == 502 && answer.problem == "response-not-allowed", "\(path)")
      #expect(!answer.body.contains("errors"), "\(path)")
    }
    #expect(try client.request("GET", "/cut").problem == "bad-gateway")
    try Waiting.until("the log") { gateway.accessLog.count == 15 }
    let lines = gateway.accessLog.map { "\($0)" }
    let reasons = [
      "body /owner unevaluatedProperties", "writeOnly: expected no member 'secret'",
      "body /name type", "body syntax", "header X-Count type", "status unknown",
      "content-type unknown", "leak: expected no GitHub token", "leak: expected no Python trace",
    ]
    for (place, reason) in reasons.enumerated() {
      #expect(lines[place + 4].contains(reason), "\(reason)")
    }
    #expect(!lines.joined().contains(ResponseCheckTests.key))
  }

  // Who is told no reason must be told nothing else either.
  @Test func `What must not get out is taken out, or the response is refused`() throws {
    let gateway = try gateway("redact")
    let client = try gateway.client()
    let stripped = try client.request("GET", "/undeclared")
    #expect(stripped.body == #"{"name":"Rex"}"#)
    #expect(stripped.fields["content-length"] == "14")
    #expect(stripped.fields["etag"] == nil)
    #expect(try client.request("GET", "/key").body == #"{"name":"[redacted]"}"#)
    #expect(try client.request("GET", "/trace").body == "[redacted]")
    for path in ["/wrong", "/writeonly", "/status"] {
      #expect(try client.request("GET", path).problem == "response-not-allowed", "\(path)")
    }
    withExtendedLifetime(gateway) {}
  }

  // DOS-08.
  @Test func `Reports let everything through, what is too long to be held as well`() throws {
    let gateway = try gateway("report")
    let client = try gateway.client()
    for path in ["/wrong", "/undeclared", "/status", "/trace"] {
      let plain = ResponseCheckTests.answers[path]?.components(separatedBy: "\r\n\r\n").last
      #expect(try client.request("GET", path).body == plain, "\(path)")
    }
    #expect(try client.request("GET", "/long").body.utf8.count == 70_011)
    try Waiting.until("the log") { gateway.accessLog.count == 5 }
    #expect("\(gateway.accessLog[1])".contains("body /owner unevaluatedProperties"))
  }

  @Test func `A response to HEAD is judged by its head`() throws {
    let gateway = try gateway("block")
    let client = try gateway.client()
    try client.send("HEAD /header HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.answer(toHead: true).status == 502)
    withExtendedLifetime(gateway) {}
  }
}
