import Foundation
import Glibc
import Testing

/// People who log in by a real OpenID provider, if `Tools/deps provider` has installed one.
@Suite(.serialized) struct LoginTests {
  private static let program = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/provider/bin/oidc-provider-mock")
  private static let isInstalled = FileManager.default.isExecutableFile(atPath: program.path)

  /// The provider, until this is let go.
  private final class Provider {
    let port: UInt16
    private let process = Process()

    init(_ more: [String] = []) throws {
      port = try Socket.freePorts().0
      process.executableURL = LoginTests.program
      process.arguments =
        ["--host", "127.0.0.1", "--port", "\(port)", "--require-nonce", "true"]
        + more
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      try Waiting.until("the provider") {
        !process.isRunning || (try? Socket.connected(to: port)) != nil
      }
    }

    // It would wait for connections that are still open.
    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
  }

  private func services(_ upstream: UInt16, _ provider: UInt16) -> String {
    """
      - name: shop
        upstreams: [http://127.0.0.1:\(upstream)]
        policies:
          - oidc:
              issuer: http://127.0.0.1:\(provider)
              client-id: shop
              client-secret: any
              url: http://localhost:8000
              keys: ["base64:\(Data(repeating: 3, count: 32).base64EncodedString())"]
              consumer: sub
    """
  }

  private func cookie(_ answer: Answer) -> String {
    String((answer.fields["set-cookie"] ?? "").prefix { $0 != ";" })
  }

  /// Goes to the provider as a browser would, logs in, and returns where that leads.
  private func logIn(_ location: String, at provider: UInt16) throws -> String {
    let mark = "http://127.0.0.1:\(provider)"
    let target = String(location.dropFirst(mark.count))
    let form = "sub=carol"
    let answer = try Client(port: provider).request(
      "POST", target,
      [
        "Content-Type: application/x-www-form-urlencoded", "Content-Length: \(form.utf8.count)",
        "Connection: close",
      ], body: form, host: "127.0.0.1:\(provider)")
    #expect(answer.status == 302, "\(answer.body)")
    return String((answer.fields["location"] ?? "").dropFirst("http://localhost:8000".count))
  }

  @Test(.enabled(if: isInstalled))
  func `A browser logs in, stays logged in, and logs out`() throws {
    let provider = try Provider(["--token-max-age", "2"])
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: services(upstream.port, provider.port), workers: 1)
    let client = try gateway.client()
    let page = "Accept: text/html"
    let first = try client.request("GET", "/cart?x=1", [page])
    #expect(first.status == 302, "\(first.body) \(gateway.messages)")
    let back = try logIn(first.fields["location"] ?? "", at: provider.port)
    #expect(try client.request("GET", back, [page]).status == 401)
    let entered = try client.request("GET", back, [page, "Cookie: \(cookie(first))"])
    #expect(entered.status == 302, "\(entered.body) \(gateway.messages)")
    #expect(entered.fields["location"] == "/cart?x=1")
    let session = cookie(entered)
    let inside = try client.request("GET", "/cart?x=1", [page, "Cookie: a=1; \(session)"])
    #expect(inside.status == 200)
    #expect(inside.body.contains("x-consumer-id: carol"))
    #expect(inside.body.contains("cookie: a=1"))
    #expect(!inside.body.contains("gatehouse="))
    // The tokens last two seconds: then they are renewed, and with them the cookie.
    var renewed = ""
    try Waiting.until("a renewal") {
      let answer = try? client.request("GET", "/", ["Cookie: \(session)"])
      if answer?.status == 200, let answer { renewed = cookie(answer) }
      return !renewed.isEmpty
    }
    let left = try client.request("GET", "/oidc/logout", [page, "Cookie: \(renewed)"])
    #expect(left.status == 302)
    #expect(left.fields["location"]?.contains("/oauth2/end_session?client_id=shop") == true)
    for gone in [session, renewed] {
      #expect(try client.request("GET", "/", ["Cookie: \(gone)"]).status == 401)
    }
    withExtendedLifetime(upstream) {}
  }

  @Test(.enabled(if: isInstalled))
  func `Whoever logs out at one gateway is out at all on the same store`() throws {
    let (server, provider) = (try PostgresServer(), try Provider())
    let upstream = try TestUpstream()
    let file = server.folder.appending(path: "master.key")
    try Data(String(repeating: "ab", count: 32).utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    let store = "store: { postgres: \"\(server.url())\", master-key-file: \(file.path) }"
    let services = services(upstream.port, provider.port)
    let first = try RunningGateway(services: services, rest: store, workers: 1)
    let second = try RunningGateway(services: services, rest: store, workers: 1)
    let page = "Accept: text/html"
    func logIn(_ client: Client) throws -> String {
      let sent = try client.request("GET", "/", [page])
      let back = try self.logIn(sent.fields["location"] ?? "", at: provider.port)
      return cookie(try client.request("GET", back, [page, "Cookie: \(cookie(sent))"]))
    }
    let (here, there) = (try first.client(), try second.client())
    let (left, kept) = (try logIn(here), try logIn(there))
    func status(_ client: Client, _ cookie: String) throws -> Int {
      try client.request("GET", "/", ["Cookie: \(cookie)"]).status
    }
    for client in [here, there] {
      for cookie in [left, kept] { #expect(try status(client, cookie) == 200) }
    }
    let start = Date()
    #expect(try here.request("GET", "/oidc/logout", [page, "Cookie: \(left)"]).status == 302)
    #expect(try status(here, left) == 401)
    try Waiting.until("the other gateway") { (try? status(there, left)) == 401 }
    #expect(Date().timeIntervalSince(start) < 2)
    #expect(try status(there, kept) == 200)
    // It stays so after a restart, without the database: the copy knows.
    server.stop()
    second.signal(SIGKILL)
    _ = try second.status()
    try second.restart()
    #expect(try status(second.client(), left) == 401)
    #expect(try status(second.client(), kept) == 200)
    // While nobody else can be told, a logout is not said to be one.
    let failed = try here.request("GET", "/oidc/logout", [page, "Cookie: \(kept)"])
    #expect(failed.status == 503)
    #expect(failed.fields["set-cookie"]?.contains("Max-Age=0") == true)
    #expect(try status(here, kept) == 401)
    withExtendedLifetime(upstream) {}
  }
}
