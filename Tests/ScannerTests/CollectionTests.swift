import Client
import Scanner
import Testing

@Suite struct CollectionTests {
  private static let collection = """
    {"info": {"name": "Notes"}, "variable": [{"key": "base", "value": "http://nowhere.invalid"}], "item": [
    {"name": "login", "request": {"method": "POST", "url": "{{base}}/login", "body": {"mode": "raw",
     "raw": "{\\"username\\": \\"ann\\", \\"password\\": \\"apple-1\\"}"}}, "event": [{"listen": "test",
     "script": {"exec": ["pm.test('ok', function () {", "  pm.response.to.have.status(200);", "});",
     "const data = pm.response.json();", "pm.collectionVariables.set('token', data.token);",
     "setTimeout(() => {}, 5);"]}}]},
    {"name": "me", "request": {"method": "GET", "url": "{{base}}/me", "auth": {"type": "bearer",
     "bearer": [{"key": "token", "value": "{{token}}"}]}}, "event": [{"listen": "test", "script":
     {"exec": ["pm.expect(pm.response.json().name).to.eql('ann');",
     "pm.expect(pm.response.code).to.be.oneOf([200, 201]);",
     "pm.expect(pm.response.json().id).to.eql(99);"]}}]}]}
    """

  @Test func `A collection keeps variables, judges what it understands, and names the rest`()
    async throws
  {
    let api = try SmallAPI(isSound: true)
    let client = try Client(ClientConfiguration(egress: .any))
    var run = try #require(
      CollectionRun(
        Array(CollectionTests.collection.utf8), environment: nil, target: api.target,
        client: client))
    let cases = await run.run { _ in }
    #expect(cases.map(\.status) == [200, 200])
    #expect(cases.map(\.testCount) == [1, 3])
    #expect(cases[0].failures == [])
    #expect(cases[0].skipped == ["setTimeout(() => {}, 5);"])
    #expect(cases[1].failures == ["id is 1, not 99"])
    #expect(CollectionCase.junit(cases, named: "Notes").contains("failures=\"1\""))
  }

  @Test func `A request by hand is made up from the description, and sent as somebody`()
    async throws
  {
    let api = try SmallAPI(isSound: true)
    let client = try Client(ClientConfiguration(egress: .any))
    let description = try DescriptionReader().read(
      Array(SmallAPI.description.utf8), named: "notes.yaml")
    let bench = try Workbench(
      description, identities: Array(SmallAPI.identities.utf8), target: api.target, client: client)
    let credential = try await bench.credential(of: "A")
    let request = try await bench.request(
      "POST /notes", values: [:], query: [], fields: [], body: nil)
    #expect(try await bench.send(request, credential: []).status == 401)
    #expect(try await bench.send(request, credential: credential).status == 201)
    await #expect(throws: ScanError.self) { try await bench.credential(of: "nobody") }
  }

  @Test func `A word is written into its place as the place demands`() {
    let request = ManualRequest(
      method: "POST", target: "/a/FUZZ", fields: [], body: Array(#"{"a":"FUZZ"}"#.utf8),
      contentType: "application/json")
    let filled = request.with("x\"/y")
    #expect(filled.target == "/a/x%22%2Fy")
    #expect(filled.body.map { String(decoding: $0, as: UTF8.self) } == #"{"a":"x\"/y"}"#)
  }
}
