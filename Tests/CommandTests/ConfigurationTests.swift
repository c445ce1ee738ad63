import Command
import Formats
import PolicyKit
import Testing

struct ConfigurationTests {
  private static let head = """
    listeners: [{ bind: 127.0.0.1:8080 }]
    services:
      - name: shop
        upstreams: [http://127.0.0.1:3000]

    """

  private func errors(_ text: String, _ session: Session) throws -> String {
    try session.write(text, to: "gatehouse.yaml")
    let outcome = session.run(["check", "--config", session.path("gatehouse.yaml")])
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    return outcome.errors.replacing(session.folder + "/", with: "")
  }

  @Test func `Errors of the reader, of policies and of files appear at once`() throws {
    let session = try Session()
    let errors = try errors(
      """
      listeners:
        - { bind: 127.0.0.1:8443, tls: { certificate: none.pem, key: none.key } }
      sevices: 1
      services:
        - name: shop
          upstreams: [http://127.0.0.1:3000]
          policies:
            - api-key: { heder: X }
            - body-limit: { size: much }
      """, session)
    let lines = errors.split(separator: "\n")
    // Even what a policy and its compiler both report.
    #expect(lines.count == Set(lines).count)
    #expect(lines.contains("gatehouse.yaml:2:49: 'none.pem' does not exist, expected a PEM file"))
    #expect(lines.contains("gatehouse.yaml:2:64: 'none.key' does not exist, expected a PEM file"))
    #expect(errors.contains("gatehouse.yaml:3:1: unknown key 'sevices'"))
    #expect(errors.contains("gatehouse.yaml:8:20: unknown key 'heder'"))
    #expect(errors.contains("gatehouse.yaml:9:29: 'size' is 'much'"))
  }

  @Test func `A file that is missing, a folder and a device are told apart`() throws {
    let session = try Session()
    let missing = session.run(["check", "--config", session.path("none.yaml")])
    #expect(missing.status == 1)
    #expect(missing.errors.contains("none.yaml:1:1: the configuration does not exist"))
    let folder = session.run(["check", "--config", session.folder])
    #expect(folder.errors.contains("is a folder"))
    let device = session.run(["check", "--config", "/dev/zero"])
    #expect(device.errors.contains("is a device"))
  }

  @Test func `References are looked up beside the file and never shown`() throws {
    let session = try Session(environment: ["SECRET_LIMIT": "hunter2"])
    let errors = try errors(
      Self.head + """
            policies: [api-key, { body-limit: { size: "${env:SECRET_LIMIT}" } }]
        consumers:
          - { name: a, api-keys: ["${file:none.sha256}"] }
          - { name: b, api-keys: ["${env:NOT_SET}"] }
        """, session)
    #expect(errors.contains("does not exist"))
    #expect(errors.contains("is not set"))
    #expect(errors.contains("the secret value"))
    #expect(!errors.contains("hunter2"))
  }

  @Test func `A file of a key's hash may end with a line end and is limited in size`() throws {
    let session = try Session()
    let hash = session.run(["hash-key"], input: "abc").output
    try session.write(hash, to: "a.sha256")
    let text =
      Self.head + """
            policies: [api-key]
        consumers: [{ name: a, api-keys: ["${file:a.sha256}"] }]
        """
    try session.write(text, to: "gatehouse.yaml")
    #expect(
      session.run(["check", "--config", session.path("gatehouse.yaml")]).status == 0)
    let most = ConfigurationFile.referenceBytesMax
    try session.write(String(repeating: "a", count: most + 1), to: "a.sha256")
    #expect(try errors(text, session).contains("has more than \(most) bytes"))
  }

  @Test func `A public route skips what identifies and authorises in its service alone`() throws {
    let session = try Session()
    try session.write(
      Self.head + """
            policies:
              - rate-limit: { limit: 1/s }
              - access: { roles: [a] }
              - api-key
              - body-limit: { size: 1 }
            routes:
              - { paths: [/] }
              - { paths: [/open], public: true, policies: [{ body-limit: { size: 2 } }] }
              - { paths: [/shut], policies: [access] }
        """, to: "gatehouse.yaml")
    let (configuration, diagnostics) = ConfigurationFile.load(
      path: session.path("gatehouse.yaml"), in: session.surroundings, retained: RetainedState())
    let chains = try #require(configuration, "\(diagnostics.description)").policies.perRoute
    #expect(
      chains.map { $0.map { type(of: $0).manifest.name } } == [
        ["body-limit", "api-key", "access", "rate-limit"],
        ["body-limit", "body-limit", "rate-limit"],
        ["body-limit", "api-key", "access", "access", "rate-limit"],
      ])
    // A service's policy is one object for all its routes: its counters are shared.
    #expect(chains[0][0] === chains[1][0])
    let sites = chains.flatMap { $0 }.compactMap { ($0 as? AccessPolicy)?.site.path }
    #expect(Set(sites).count == 2)
  }

  @Test func `A key that belongs to another certificate is reported at the key`() throws {
    let session = try Session()
    #expect(session.run(["init", "--directory", session.path("a")]).status == 0)
    #expect(session.run(["init", "--directory", session.path("b")]).status == 0)
    let errors = try errors(
      """
      listeners:
        - bind: 127.0.0.1:8443
          tls:
            certificate: a/certs/api.pem
            key: b/certs/api.key
      """, session)
    #expect(errors.hasPrefix("gatehouse.yaml:5:12: 'b/certs/api.key': the private key does not"))
  }
}
