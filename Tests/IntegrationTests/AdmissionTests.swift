import Foundation
import Testing

/// What happens when more clients come than there is room for.
@Suite(.serialized) struct AdmissionTests {
  private func healthy(_ gateway: RunningGateway) throws -> Bool {
    try Client(port: gateway.adminPort).request(
      "GET", "/healthz", host: "127.0.0.1:\(gateway.adminPort)"
    ).status == 200
  }

  // DOS-03.
  @Test func `Without descriptors left, admin answers and new clients are served`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), workers: 1, descriptors: 128)
    let busy = try (0..<4).map { _ in try gateway.client() }
    for client in busy { try client.send("GET /busy HTTP/1.1\r\nHost: api") }
    // What has begun is not taken for idle: wait until that is so.
    #expect(try gateway.client().request("GET", "/").status == 200)
    let idle = try (0..<400).map { _ in try gateway.client() }
    for _ in 0..<20 {
      #expect(try healthy(gateway))
      #expect(try gateway.client().request("GET", "/").status == 200)
    }
    for client in busy {
      try client.send(".test\r\n\r\n")
      #expect(try client.answer().body.hasPrefix("get /busy "))
    }
    #expect(idle[0].isClosed())
    #expect(gateway.isRunning)
    withExtendedLifetime(upstream) {}
  }

  @Test func `When all are busy, those who come are turned away and the others go on`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: "limits: { connections: 8 }",
      workers: 1)
    var busy: [Client] = []
    for _ in 0..<40 {
      let client = try gateway.client()
      try? client.send("GET /busy HTTP/1.1\r\nHost: api")
      // What is begun leaves no trace outside, so that only a later answer tells that it is.
      _ = try? gateway.client().request("GET", "/")
      busy.append(client)
    }
    #expect(try healthy(gateway))
    var served = 0
    for client in busy {
      if (try? client.send(".test\r\n\r\n")) != nil, let answer = try? client.answer(),
        answer.status == 200
      {
        served += 1
      }
    }
    #expect((1...8).contains(served))
    try Waiting.until("room") { (try? gateway.client().request("GET", "/").status) == 200 }
    withExtendedLifetime(upstream) {}
  }

  @Test func `Who is turned away for want of descriptors is told apart from the bound`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), workers: 1, descriptors: 80)
    var busy: [Client] = []
    try Waiting.until("turned away") {
      if let client = try? gateway.client() {
        try? client.send("GET /busy HTTP/1.1\r\nHost: api")
        busy.append(client)
      }
      return gateway.messages.contains("too many connections for the limit of open files")
    }
    #expect(try healthy(gateway))
    withExtendedLifetime((upstream, busy)) {}
  }

  // DOS-02.
  @Test func `An address that has its share loses its longest idle connection`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: "limits: { connections-per-address: 10 }")
    let clients = try (0..<40).map { _ in
      let client = try gateway.client()
      #expect(try client.request("GET", "/").status == 200)
      return client
    }
    #expect(clients[0].isClosed())
    let last = try #require(clients.last)
    #expect(try last.request("GET", "/").status == 200)
    withExtendedLifetime(upstream) {}
  }
}
