import Scanner
import Testing

@Suite struct InputTests {
  private func read(
    _ text: String, _ files: [String: String] = [:]
  ) throws(ScanError) -> APIDescription {
    let reader = DescriptionReader { name in files[name].map { Array($0.utf8) } }
    return try reader.read(Array(text.utf8), named: "api.json")
  }

  private func names(_ description: APIDescription) -> [String] {
    description.operations.map(\.name)
  }

  @Test func `References lead into files of the same folder and no further`() throws {
    let text = """
      paths:
        /a: { $ref: "paths/a.yaml" }
        /b: { $ref: "../outside.yaml" }
        /c: { $ref: "http://elsewhere.example/c.yaml" }
      """
    let found = try read(
      text,
      [
        "paths/a.yaml":
          "post: { requestBody: { content: { application/json: { schema: "
          + "{ $ref: '../schemas.yaml#/A' } } } } }",
        "schemas.yaml":
          "A: { type: object, properties: { b: { $ref: '#/B' } } }\nB: { type: integer }",
        "../outside.yaml": "get: {}", "outside.yaml": "get: {}",
      ])
    #expect(names(found) == ["POST /a"])
    #expect(found.operations[0].body?["properties"]?["b"]?["type"] == "integer")
    #expect(found.assumptions.contains { $0.contains("../outside.yaml") })
  }

  @Test func `What editors leave behind is mended, and said`() throws {
    let commas = try read("\u{FEFF}{\"paths\": {\"a\": {\"get\": {},},},}")
    #expect(names(commas) == ["GET /a"])
    #expect(commas.assumptions.contains { $0.contains("'/a'") })
    let tabs = try read("paths:\n\t/a:\n\t\tget: {}\n")
    #expect(names(tabs) == ["GET /a"])
    #expect(tabs.assumptions == ["tabs were taken as two spaces"])
  }

  private static let recording = """
    {"log": {"entries": [
    {"request": {"method": "GET", "url": "https://a.example/app.js", "headers": []},
     "response": {"status": 200, "content": {"mimeType": "text/javascript", "text": ""}}},
    {"request": {"method": "GET", "url": "https://a.example/v1/orders/ord-7?full=1", "headers":
     [{"name": "Authorization", "value": "Bearer x"}], "queryString": [{"name": "full", "value": "1"}]},
     "response": {"status": 200, "content": {"text": "{\\"id\\": \\"ord-7\\"}"}}},
    {"request": {"method": "GET", "url": "https://a.example/v1/orders/ord-8", "headers": []},
     "response": {"status": 404, "content": {}}},
    {"request": {"method": "POST", "url": "https://a.example/v1/orders", "headers": [], "postData":
     {"mimeType": "application/json", "text": "{\\"count\\": 2}"}}, "response": {"status": 201, "content": {}}},
    {"request": {"method": "GET", "url": "https://other.example/x", "headers": []},
     "response": {"status": 200, "content": {}}}]}}
    """

  @Test func `A recording becomes operations with parameters for identifiers`() throws {
    let found = try read(InputTests.recording)
    #expect(
      names(found) == [
        "GET /v1/orders/{order_id}", "GET /v1/orders/ord-8", "POST /v1/orders",
      ])
    #expect(found.operations[0].isSecured)
    #expect(found.credential == ("Authorization", "Bearer "))
    #expect(found.assumptions.contains { $0.contains("other.example") })
  }

  @Test func `Each field of a GraphQL schema is an operation`() throws {
    let text = """
      {"data": {"__schema": {"queryType": {"name": "Q"}, "mutationType": null, "types": [
      {"kind": "OBJECT", "name": "Q", "fields": [{"name": "notes", "args": [{"name": "limit", "type":
      {"kind": "NON_NULL", "ofType": {"kind": "SCALAR", "name": "Int"}}}], "type":
      {"kind": "LIST", "ofType": {"kind": "OBJECT", "name": "Note"}}}]},
      {"kind": "OBJECT", "name": "Note", "fields": [{"name": "id", "args": [], "type":
      {"kind": "SCALAR", "name": "ID"}}]}]}}}
      """
    let found = try read(text)
    #expect(names(found) == ["POST /graphql Query.notes"])
    #expect(
      found.operations[0].document == "query($limit: Int!) { notes(limit: $limit) { id } }")
    #expect(found.operations[0].body?["properties"]?["limit"]?["type"] == "integer")
  }

  @Test func `A collection is read with its environment`() throws {
    var reader = DescriptionReader()
    let environment = #"{"values": [{"key": "id", "value": "7"}, {"key": "q", "value": "red"}]}"#
    let isTaken = reader.take(environment: Array(environment.utf8))
    #expect(isTaken)
    let text = """
      {"info": {"name": "Shop"}, "item": [{"name": "f", "item": [{"name": "one", "request":
      {"method": "GET", "url": {"path": ["items", "{{id}}"], "query": [{"key": "q", "value": "{{q}}"}]}}}]}]}
      """
    let found = try reader.read(Array(text.utf8), named: "c.json")
    #expect(names(found) == ["GET /items/{id}"])
    let examples = found.operations[0].parameters.map { $0.schema["example"] }
    #expect(examples == [JSONValue.integer(7), "red"])
  }

  @Test func `What a gateway has seen becomes operations, with the names of its routes`() throws {
    let lines = """
      {"time":"2026-01-01T00:00:00Z","method":"GET","path":"/orders/17","query":"full=1","status":200,"consumer":"app","template":"/orders/{id}"}
      {"method":"GET","path":"/orders/18","status":200,"template":"/orders/{id}"}
      {"method":"GET","path":"/orders/19","status":404,"template":"/orders/{id}"}
      {"method":"GET","path":"/things/3f2b8c1e-5d4a-4c6b-9e7f-102938475665/parts/9","status":200}
      {"method":"POST","path":"/orders","status":201,"request_type":"application/json"}
      {"method":"DELETE","path":"/never","status":403}
      no line of the log
      """
    let found = try read(lines)
    #expect(
      names(found) == [
        "GET /orders/{id}", "GET /things/{thing_id}/parts/{part_id}", "POST /orders",
      ])
    #expect(found.operations[0].isSecured && !found.operations[1].isSecured)
    #expect(found.operations[0].parameters.map(\.name) == ["id", "full"])
    #expect(found.operations[0].parameters[0].schema["example"] == .integer(17))
    #expect(found.assumptions.contains("1 lines are no requests"))
  }
}
