import Client
import Scanner
import Testing

@Suite struct DescriptionTests {
  private func failure(_ text: String, target: String = "http://localhost") throws -> String {
    let client = try Client(ClientConfiguration(egress: .any))
    do throws(ScanError) {
      _ = try ScanJob(
        description: Array(text.utf8), named: "api.json", identities: nil, target: target,
        client: client)
      return ""
    } catch { return "\(error)" }
  }

  @Test func `What is no description is refused with its place`() throws {
    #expect(try failure("{\"paths\": [}").contains("api.json:1:"))
    #expect(try failure("{}").contains("no OpenAPI"))
    #expect(try failure("").contains("empty"))
    #expect(try failure("{\"paths\": {}}", target: "ftp://x").contains("no http or https URL"))
  }

  @Test func `References that lead nowhere or in circles are survived`() throws {
    let text = """
      {"openapi": "3.0.0", "paths": {"/a/{id}": {"$ref": "#/nowhere"}, "/b": {"post": {
      "parameters": [{"$ref": "#/paths"}, {"name": 3}], "requestBody": {"content":
      {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}},
      "components": {"schemas": {"A": {"properties": {"a": {"$ref": "#/components/schemas/A"},
      "b": {"items": {"allOf": [{"$ref": "#/components/schemas/A"}]}}}}}}}
      """
    #expect(try failure(text) == "")
  }

  @Test func `Deep nesting is refused and not followed`() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(try failure("{\"paths\": \(deep)") != "")
  }
}
