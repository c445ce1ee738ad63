import Crypto
import Foundation
import Runtime
import Testing

@testable import Client

@Suite struct InterceptTests {
  private static let now = Int64(Date().timeIntervalSince1970)

  /// A proxy that answers by itself with what it was asked.
  private func proxy(_ authority: DevelopmentAuthority) throws -> InterceptProxy {
    try InterceptProxy(
      port: 0, authority: authority, bodyBytesMax: 100, nowUnixSeconds: { InterceptTests.now }
    ) { request, answered in
      let text =
        "\(request.method) \(request.origin) \(request.target) "
        + "\(request.fields.map(\.name)) \(String(decoding: request.body, as: UTF8.self))"
      answered(
        .success(
          ClientResponse(
            status: 200, fields: [("x-seen", "yes"), ("connection", "close")],
            body: Array(text.utf8), elapsedNanoseconds: 0)))
    }
  }

  @Test func `What goes through in clear text is seen whole and answered`() async throws {
    let authority = try DevelopmentAuthority(commonName: "t", nowUnixSeconds: InterceptTests.now)
    let proxy = try proxy(authority)
    let client = try Client(ClientConfiguration(egress: .any))
    let (origin, _) = try #require(ClientOrigin.split("http://127.0.0.1:\(proxy.port)"))
    for content in ["", "abc"] {
      let answer = try await client.send(
        ClientRequest(
          "POST", origin, target: "http://a.example:81/x?y=1",
          fields: [("x-own", "1"), ("te", "trailers")],
          body: content.isEmpty ? nil : Array(content.utf8)))
      #expect(answer.status == 200)
      #expect(answer.value("x-seen") == "yes")
      let text = String(decoding: answer.body, as: UTF8.self)
      #expect(text == #"POST http://a.example:81 /x?y=1 ["x-own"] "# + content)
    }
    let large = try await client.send(
      ClientRequest(
        "POST", origin, target: "http://a.example/", body: Array(repeating: 1, count: 101)))
    #expect(large.status == 413)
    let odd = try await client.send(ClientRequest("GET", origin, target: "/x"))
    #expect(odd.status == 400)
  }

  @Test func `Within a tunnel the proxy is whatever host was asked for`() async throws {
    let authority = try DevelopmentAuthority(commonName: "t", nowUnixSeconds: InterceptTests.now)
    let proxy = try proxy(authority)
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pem")
    try Data(authority.certificate.pem).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let program = """
      import http.client, ssl, sys
      c = http.client.HTTPSConnection('127.0.0.1', \(proxy.port),
        context=ssl.create_default_context(cafile=sys.argv[1]), timeout=30)
      c.set_tunnel('shop.example', 443)
      for n in (1, 2):
        c.request('PUT', '/o/%d' % n, 'b' * n, {'X-Key': 'k'})
        print(c.getresponse().read().decode())
      """
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, file.path]
    process.standardOutput = output
    // The threads that tasks run on are few, and the proxy needs one: none may wait here.
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(
      text == """
        PUT https://shop.example /o/1 ["x-key"] b
        PUT https://shop.example /o/2 ["x-key"] bb

        """)
  }

  @Test(arguments: [
    "GET /\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET / HTTP/1.1\r\n a: b\r\n\r\n",
    "GET / HTTP/1.1\r\na : b\r\n\r\n",
    "GET / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n",
    "GET / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    "GET / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 1\r\n\r\n",
    "GET / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n",
  ])
  func `A head with any doubt is refused`(_ text: String) {
    guard case .refused = InterceptHead.read(Array(text.utf8)[...]) else {
      Issue.record("it was taken")
      return
    }
  }
}
