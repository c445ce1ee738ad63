import Foundation
import Glibc
import Testing

/// What the one who runs the gateway meets.
@Suite(.serialized) struct LifecycleTests {
  @Test func `A reload changes the routes, and a wrong file keeps the last good one`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port, paths: "[/old]"))
    func status(_ path: String) -> Int? { try? gateway.client().request("GET", path).status }
    #expect(status("/old") == 200)
    #expect(status("/new") == 404)

    try gateway.write(services: Services.open(upstream.port, paths: "[/new]"))
    gateway.signal(SIGHUP)
    try Waiting.until("the new route") { status("/new") == 200 }
    #expect(status("/old") == 404)

    let before = gateway.messages.count
    try gateway.write(services: Services.open(upstream.port, paths: "[nonsense"))
    gateway.signal(SIGHUP)
    try Waiting.until("a message") { gateway.messages.count > before }
    #expect(status("/new") == 200)
    #expect(gateway.isRunning)
  }

  // TLS-11.
  @Test func `Another certificate is taken over while connections go on`() throws {
    let authority = try TestAuthority()
    try authority.issue("a.test")
    let upstream = try TestUpstream()
    let listener = """
          tls:
            certificate: \(authority.path("a.test.pem"))
            key: \(authority.path("a.test.key"))
      """
    let gateway = try RunningGateway(services: Services.open(upstream.port), listener: listener)
    let client = try SecureClient(authority, "a.test", port: gateway.port)
    func ask(_ path: String) throws -> Bool {
      try client.send("GET \(path) HTTP/1.1\r\nHost: a.test\r\n\r\n")
      return client.awaits("get \(path) ")
    }
    func served() throws -> String {
      try authority.openssl(
        "s_client -connect 127.0.0.1:\(gateway.port) -servername a.test -CAfile ca.pem "
          + "-showcerts")
    }
    #expect(try ask("/one"))
    #expect(try served().contains(try pem(authority)))
    try authority.issue("a.test")
    let next = try pem(authority)
    #expect(try !served().contains(next))
    gateway.signal(SIGHUP)
    try Waiting.until("the other certificate") { (try? served().contains(next)) == true }
    #expect(try ask("/two"))
    #expect(!client.hasEnded)
  }

  private func pem(_ authority: TestAuthority) throws -> String {
    let text = try String(contentsOfFile: authority.path("a.test.pem"), encoding: .utf8)
    let start = try #require(text.range(of: "-----BEGIN"))
    return String(text[start.lowerBound...]).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func `Told to stop, the gateway ends with zero`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port))
    let client = try gateway.client()
    #expect(try client.request("GET", "/").status == 200)
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    #expect(client.isClosed())
  }

  @Test func `Each request leaves one line of JSON, refused ones too`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.keyed(upstream.port), rest: Services.consumers)
    _ = try gateway.client().request("GET", "/a", ["X-API-Key: \(Services.key)"])
    _ = try gateway.client().request("GET", "/b")
    let broken = try gateway.client()
    try broken.send("GET /c HTTP/1.1\r\nbroken\r\n\r\n")
    _ = try broken.answer()
    try Waiting.until("three lines: \(gateway.accessLog)") { gateway.accessLog.count >= 3 }
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    let statuses = try gateway.accessLog.map { line -> Int in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["status"] as? Int)
    }
    #expect(statuses.sorted() == [200, 400, 401])
    #expect(!gateway.accessLog.contains { $0.contains(Services.key) })
  }

  // ADM-03.
  @Test func `Health, readiness and metrics are told on the admin listener alone`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port, paths: "[/shop]"))
    func admin(_ path: String, host: String) throws -> Answer {
      try Client(port: gateway.adminPort).request("GET", path, host: host)
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
      #expect(try admin(path, host: "127.0.0.1:\(gateway.adminPort)").status == 200)
      // A web page may point its own name at the loopback interface; that name is not ours.
      #expect(try admin(path, host: "evil.test").status == 421)
      #expect(try gateway.client().request("GET", path).status == 404)
    }
    let metrics = try admin("/metrics", host: "127.0.0.1:\(gateway.adminPort)").body
    #expect(metrics.contains("# TYPE "))
    #expect(metrics.contains("gatehouse_build_info{version="))
    #expect(metrics.contains("gatehouse_config_reloads_total{result=\"failure\"} 0\n"))
    _ = try gateway.client().request("GET", "/shop/a")
    let after = try admin("/metrics", host: "127.0.0.1:\(gateway.adminPort)").body
    #expect(
      after.contains(
        "gatehouse_route_requests_total{service=\"open\",route=\"open/0\",status=\"2xx\"} 1\n"))
    #expect(
      after.contains("gatehouse_service_request_duration_seconds_count{service=\"open\"} 1\n"))
    let labels = "{service=\"open\",upstream=\"127.0.0.1:\(upstream.port)\"}"
    #expect(after.contains("gatehouse_upstream_requests_total\(labels) 1\n"))
    #expect(after.contains("gatehouse_upstream_ejected\(labels) 0\n"))
  }

  @Test func `A check names each error with line and column`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("workerz: 2\nlisteners: [{ bind: nowhere }]\n".utf8)
      .write(to: folder.appending(path: "gatehouse.yaml"))
    let result = try Command.run(
      RunningGateway.binary, ["check", "--config", "gatehouse.yaml"], in: folder)
    #expect(result.status == 1)
    #expect(result.output.contains("gatehouse.yaml:1:1: "))
    #expect(result.output.contains("gatehouse.yaml:2:"))
  }

  @Test func `A listener with TLS serves`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = try Command.run(
      URL(filePath: "/usr/bin/openssl"),
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost",
      ], in: folder)
    #expect(made.status == 0)
    let tls = """
          tls:
            certificate: \(folder.path)/cert.pem
            key: \(folder.path)/key.pem
      """
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port), listener: tls)
    let fetched = try Command.run(
      URL(filePath: "/usr/bin/curl"),
      [
        "-sS", "--http1.1", "--cacert", "cert.pem", "https://localhost:\(gateway.port)/secret",
        "--connect-to", "localhost:\(gateway.port):127.0.0.1:\(gateway.port)", "-m", "10",
      ], in: folder)
    #expect(fetched.status == 0)
    #expect(fetched.output.hasPrefix("get /secret http/1.1"))
  }
}
