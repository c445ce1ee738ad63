import Policies
import Testing

struct ImportTests {
  private static let description = """
    openapi: 3.1.0
    info: { title: Shop, version: '1' }
    servers: [{ url: 'https://api.example.com:444/v1' }, { url: 'https://{region}.example.com' }]
    components:
      securitySchemes:
        key: { type: apiKey, in: header, name: X-Shop-Key }
        login: { type: openIdConnect, openIdConnectUrl: 'https://id.example.com' }
    paths:
      /items/{id}.json: { get: { security: [{ key: [] }] }, put: {} }
      /items: { get: {}, post: { callbacks: { done: {} } } }
    """

  private func session() throws -> Session {
    let session = try Session(policies: Catalogue.standard)
    try session.write(ImportTests.description, to: "shop.yaml")
    return session
  }

  @Test func `A description becomes a configuration that passes check`() throws {
    let session = try session()
    let made = session.run([
      "import", "openapi", session.path("shop.yaml"), "--output", session.path("gatehouse.yaml"),
    ])
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("4 operations on 4 paths"))
    #expect(made.errors.contains("the upstream https://api.example.com:444"))
    #expect(made.errors.contains("'key': policy api-key"))
    #expect(made.errors.contains("'login' (openIdConnect): add the policy jwt"))
    #expect(made.errors.contains("1 callbacks"))
    #expect(made.errors.contains("the server https://{region}.example.com"))
    let text = try session.text(of: "gatehouse.yaml")
    #expect(text.contains("api-key: { header: \"X-Shop-Key\" }"))
    let checked = session.run(["check", "--config", session.path("gatehouse.yaml")])
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(checked.output.contains("/v1/items/{p1}"))
    let again = session.run([
      "import", "openapi", session.path("shop.yaml"), "--output", session.path("gatehouse.yaml"),
    ])
    #expect(again.status == 1)
  }

  @Test func `Init takes a description, and each of its paths is a route`() throws {
    let session = try session()
    let made = session.run([
      "init", "--openapi", session.path("shop.yaml"), "--upstream", "http://localhost:3000",
      "--directory", session.path("new"),
    ])
    #expect(made.status == 0, "\(made.errors)")
    let checked = session.run(["check", "--config", session.path("new/gatehouse.yaml")])
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(checked.output.contains("= /v1/items"))
    #expect(checked.output.contains("openapi"))
  }

  @Test(arguments: [
    (["import"], "what to import is missing"), (["import", "knog", "x"], "did you mean 'kong'?"),
    (["import", "openapi"], "the file is missing"),
  ])
  func `What cannot be imported is told`(words: [String], message: String) throws {
    let outcome = try Session().run(words)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message))
  }

  @Test func `A description that is wrong is refused with its place`() throws {
    let session = try Session()
    try session.write("openapi: 3.1.0\npaths: { pets: {} }", to: "shop.yaml")
    let outcome = session.run(["import", "openapi", session.path("shop.yaml")])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("shop.yaml:2:16: the path 'pets' does not begin with '/'"))
    #expect(session.run(["init", "--openapi", session.path("none")]).status == 2)
  }
}
