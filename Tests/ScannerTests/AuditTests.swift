import Scanner
import Testing

@Suite struct AuditTests {
  private static let open = """
    openapi: 3.0.3
    info: { title: Open }
    servers: [{ url: "http://a.example" }]
    paths:
      /notes:
        post:
          requestBody:
            content:
              application/json:
                schema: { type: object, properties: { text: { type: string }, tags: { type: array, items: {} } } }
          responses: { "200": { description: done } }
    """

  private static let closed = """
    openapi: 3.0.3
    info: { title: Closed }
    servers: [{ url: "https://a.example" }]
    security: [{ token: [] }]
    components: { securitySchemes: { token: { type: http, scheme: bearer } } }
    paths:
      /notes:
        post:
          operationId: makeNote
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: { text: { type: string, maxLength: 100 } }
          responses:
            "201": { description: made, content: { application/json: { schema: { type: object, properties: { id: { type: integer } } } } } }
            "401": { description: who }
            "403": { description: no }
            "429": { description: slow }
    """

  @Test func `A description that leaves all open has few points, and each rule says why`() throws {
    let report = try Audit.report(on: Array(AuditTests.open.utf8), named: "open.yaml")
    let rules = Set(report.broken.map(\.rule.id))
    #expect(
      rules.isSuperset(of: [
        "security-missing", "server-unencrypted", "string-unbounded", "array-unbounded",
        "object-open", "type-loose", "answer-undescribed", "limit-undescribed",
      ]))
    #expect(report.score < 40)
    #expect(report.text.contains("maxLength"))
    #expect(report.faults.contains { $0.pointer.hasPrefix("/paths/~1notes/post") && $0.line > 0 })
  }

  @Test func `A description that closes all has all points`() throws {
    let report = try Audit.report(on: Array(AuditTests.closed.utf8), named: "closed.yaml")
    #expect(report.faults.map { "\($0.rule) \($0.pointer)" } == [])
    #expect(report.score == 100)
  }

  @Test func `What is no description is refused`() {
    #expect(throws: ScanError.self) { try Audit.report(on: Array("a: 1".utf8), named: "a") }
  }
}
