import Foundation
import Testing

/// A client from PyPI, if `Tools/deps provider` has installed it.
@Suite(.serialized) struct IndependentClientTests {
  private static let python = RunningGateway.binary.deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "provider/bin/python")

  /// Whether the folder has the client as well.
  private static let isInstalled: Bool = {
    let folder = FileManager.default.temporaryDirectory
    let asked = try? Command.run(
      python, ["-c", "import authlib, requests, joserfc"], in: folder)
    return asked?.status == 0
  }()

  @Test(.enabled(if: isInstalled, "Tools/deps provider installs it"))
  func `Authlib goes through code with PKCE, refresh, revocation and client credentials`() throws {
    // Its issuer has the port in it, which is known once the gateway runs: so it starts anew.
    let server = try IdentityServer()
    let gateway = server.gateway
    let issuer = "http://localhost:\(gateway.port)"
    func here(_ text: String) -> String {
      text.replacing("issuer: \(Browser.origin)\n", with: "issuer: \(issuer)\n")
        .replacing("issuer: \"\(Browser.origin)\"", with: "issuer: \"\(issuer)\"")
    }
    try gateway.write(
      services: here(IdentityServer.services(server.upstream.port)),
      rest: here(IdentityServer.configuration()))
    gateway.signal(SIGTERM)
    _ = try gateway.status()
    try gateway.restart()
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Conformance/identity/authlib_client.py")
    let outcome = try Command.run(
      IndependentClientTests.python,
      [
        script.path, issuer, "\(issuer)/orders", "web", IdentityServer.secret, "ann",
        IdentityServer.password,
      ], in: gateway.folder)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(outcome.output.hasSuffix("all well\n"))
  }
}
