import Policies
import Testing

struct InitTests {
  @Test func `What init writes passes check`() throws {
    let session = try Session()
    let made = session.run(["init", "--directory", session.path("new")])
    #expect(made.status == 0, "\(made.errors)")
    let checked = session.run(["check", "--config", session.path("new/gatehouse.yaml")])
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(checked.errors.isEmpty)
    #expect(checked.output.contains("body-limit > api-key > rate-limit"))
  }

  @Test func `What init writes for the demo passes check and holds the key's hash`() throws {
    let session = try Session(policies: Catalogue.standard)
    #expect(session.run(["init", "--demo", "--directory=\(session.folder)"]).status == 0)
    let checked = session.run(["check", "--config=\(session.path("gatehouse.yaml"))"])
    #expect(checked.status == 0, "\(checked.errors)")
    let key = try session.text(of: "key.txt")
    let hashed = session.run(["hash-key"], input: key)
    #expect(try session.text(of: "gatehouse.yaml").contains(hashed.output.dropLast()))
    #expect(!(try session.text(of: "gatehouse.yaml").contains(key.dropLast())))
  }

  // SEC-11.
  @Test func `Keys are readable by their owner alone`() throws {
    let session = try Session()
    let words = ["init", "--demo", "--keep-authority-key", "--directory", session.folder]
    #expect(session.run(words).status == 0)
    for name in ["key.txt", "client-secret.txt", "password.txt", "certs/api.key", "certs/ca.key"] {
      #expect(try session.permissions(of: name) == 0o600)
    }
    #expect(try session.permissions(of: "gatehouse.yaml") == 0o644)
  }

  @Test func `Init leaves alone what is there unless it is forced`() throws {
    let session = try Session()
    try session.write("mine", to: "gatehouse.yaml")
    let refused = session.run(["init", "--directory", session.folder])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("gatehouse.yaml exists already"))
    #expect(try session.text(of: "gatehouse.yaml") == "mine")
    #expect((try? session.text(of: "certs/ca.pem")) == nil)
    #expect(session.run(["init", "--force", "--directory", session.folder]).status == 0)
    #expect(try session.text(of: "gatehouse.yaml") != "mine")
  }

  @Test(arguments: [
    "localhost:3000", "ftp://localhost", "http://localhost:3000/path", "http://localhost:8443",
    "http://x\"\n  - evil", "${env:HOME}",
  ])
  func `An upstream that cannot be one is refused`(_ upstream: String) throws {
    let session = try Session()
    let outcome = session.run(["init", "--upstream", upstream, "--directory", session.folder])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--upstream"))
    #expect((try? session.text(of: "gatehouse.yaml")) == nil)
  }

  @Test func `The key of the authority is not kept unless asked for`() throws {
    let session = try Session()
    #expect(session.run(["init", "--directory", session.folder]).status == 0)
    #expect((try? session.text(of: "certs/ca.key")) == nil)
    #expect((try? session.text(of: "key.txt")) == nil)
  }
}
