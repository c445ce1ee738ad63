import Base
import Client
import Runtime
import Testing

@Suite struct ClientTests {
  private func origin(_ port: UInt16) throws -> ClientOrigin {
    try #require(ClientOrigin.split("http://127.0.0.1:\(port)")).origin
  }

  private func client() throws -> Client { try Client(ClientConfiguration(egress: .any)) }

  private func outcome(_ client: Client, _ request: ClientRequest) async -> ClientError? {
    do throws(ClientError) {
      _ = try await client.send(request)
      return nil
    } catch { return error }
  }

  @Test func `Sends what it is told and reads the answer`() async throws {
    let server = try PythonServer(PythonServer.echo)
    let client = try client()
    let origin = try origin(server.port)
    for path in ["/plain", "/chunked?a=%27b'\"<>"] {
      let response = try await client.send(
        ClientRequest(
          "POST", origin, target: path, fields: [("X-Mark", "seven")], body: Array("text".utf8)))
      #expect(response.status == 200)
      #expect(String(decoding: response.body, as: UTF8.self) == "POST \(path)|seven|text")
    }
    let odd = try await client.send(ClientRequest("PURGE", origin, target: "/x"))
    #expect(String(decoding: odd.body, as: UTF8.self) == "PURGE /x||")
  }

  @Test func `Hundreds at once are all answered`() async throws {
    let server = try PythonServer(PythonServer.echo)
    let client = try client()
    let origin = try origin(server.port)
    let answers = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<300 {
        group.addTask {
          let response = try await client.send(ClientRequest("GET", origin, target: "/\(number)"))
          return String(decoding: response.body, as: UTF8.self)
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(answers == Set((0..<300).map { "GET /\($0)||" }))
  }

  /// Answers each first request on a connection, and closes on the second without a word.
  private static let closing = """
    import socket, threading
    s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)
    def serve(c):
        c.recv(65536); c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok')
        c.recv(65536); c.close()
    while True: threading.Thread(target=serve, args=(s.accept()[0],)).start()
    """

  @Test func `A kept connection that ends unanswered costs a POST only where it may be repeated`()
    async throws
  {
    let server = try PythonServer(ClientTests.closing)
    let client = try client()
    var request = ClientRequest("POST", try origin(server.port), target: "/")
    request.limits.idleMilliseconds = 600_000
    #expect(await outcome(client, request) == nil)
    #expect(await outcome(client, request) == .cut)
    request.isRepeatable = true
    for _ in 0..<4 { #expect(await outcome(client, request) == nil) }
  }

  /// Answers the first request on a connection, and none after it.
  private static let silent = """
    import socket, threading
    s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)
    def serve(c):
        c.recv(65536); c.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok')
        while c.recv(65536): pass
    while True: threading.Thread(target=serve, args=(s.accept()[0],)).start()
    """

  @Test(.timeLimit(.minutes(3)))
  func `A request that takes over a connection from another has its own deadline`()
    async throws
  {
    let server = try PythonServer(ClientTests.silent)
    let client = try client()
    var request = ClientRequest("GET", try origin(server.port), target: "/")
    request.limits.connectionsMax = 1
    request.limits.answerMilliseconds = 300
    request.limits.wholeMilliseconds = 3_600_000
    // All but the first wait for the one connection, and take it over as it is answered.
    let outcomes = await withTaskGroup(of: ClientError?.self) { group in
      for _ in 0..<3 { group.addTask { [request] in await outcome(client, request) } }
      return await group.reduce(into: [ClientError?]()) { $0.append($1) }
    }
    #expect(outcomes.contains(.timedOut(.answer)))
  }

  @Test func `Redirects are answers and never followed`() async throws {
    let server = try PythonServer(PythonServer.echo)
    let response = try await client().send(
      ClientRequest("GET", origin(server.port), target: "/away"))
    #expect(response.status == 302)
    #expect(response.value("location") == "http://127.0.0.1:1/")
  }

  @Test func `Private addresses are refused unless allowed`() async throws {
    let server = try PythonServer(PythonServer.echo)
    let strict = try Client(ClientConfiguration(egress: .publicOnly))
    let request = try ClientRequest("GET", origin(server.port), target: "/")
    #expect(await outcome(strict, request) == .forbiddenAddress("127.0.0.1"))
    let named = try #require(ClientOrigin.split("http://localhost:\(server.port)")).origin
    #expect(
      await outcome(strict, ClientRequest("GET", named, target: "/"))
        == .forbiddenAddress("localhost"))
    let block = try #require(AddressBlock("127.0.0.0/8"))
    let wide = try Client(ClientConfiguration(egress: .publicAnd([block])))
    #expect(await outcome(wide, request) == nil)
  }

  @Test func `What would break the framing is not sent`() async throws {
    let client = try client()
    let origin = try origin(9)
    let bad = [
      ClientRequest("GET", origin, target: "/a b"), ClientRequest("G T", origin, target: "/"),
      ClientRequest("GET", origin, target: "/", fields: [("a", "b\r\nc: d")]),
      ClientRequest("GET", origin, target: "/", fields: [("a:", "b")]),
    ]
    for request in bad {
      guard case .badRequest = await outcome(client, request) else {
        Issue.record("sent \(request)")
        continue
      }
    }
  }

  @Test func `A server that lies or hangs costs a bounded time and an error`() async throws {
    let cases: [(String, Bool, ClientError)] = [
      ("b'HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nabc'", true, .cut),
      ("b'HTTP/1.1 200 OK\\r\\n'", false, .timedOut(.answer)),
      ("b'HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nabc'", false, .timedOut(.finish)),
      ("b'HTTP/1.1 200 OK\\r\\n\\r\\n' + b'a' * 5000", true, .tooLarge(bytesMax: 4096)),
      ("b'nonsense\\r\\n\\r\\n'", true, .malformed("status line")),
    ]
    for (bytes, closes, expected) in cases {
      let server = try PythonServer(PythonServer.fixed(bytes, closes: closes))
      var request = try ClientRequest("GET", origin(server.port), target: "/")
      request.limits.answerMilliseconds = 300
      request.limits.wholeMilliseconds = 600
      request.limits.bodyBytesMax = 4096
      let found = await outcome(try client(), request)
      #expect(found == expected)
    }
  }

  @Test func `The end of the connection ends a response without length`() async throws {
    let server = try PythonServer(PythonServer.fixed("b'HTTP/1.1 200 OK\\r\\n\\r\\nabc'"))
    let response = try await client().send(ClientRequest("GET", origin(server.port), target: "/"))
    #expect(response.body == Array("abc".utf8))
  }

  @Test func `A refused connection is unreachable`() async throws {
    guard
      case .unreachable = await outcome(
        try client(), ClientRequest("GET", try origin(1), target: "/"))
    else {
      Issue.record("reached port 1")
      return
    }
  }
}
