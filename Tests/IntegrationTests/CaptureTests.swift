import Foundation
import Testing

/// Fields that the gateway writes about a request: by policy, and of its own.
@Suite(.serialized) struct CaptureTests {
  private func services(_ port: UInt16) -> String {
    """
      - name: shop
        upstreams: [http://127.0.0.1:\(port)]
        public: true
        routes:
          - name: order
            paths: ["/orders/{id}/items/{item}"]
            path-rule: keep
            policies:
              - request-id: {}
              - headers:
                  request:
                    set:
                      x-all: "{method} {host}{path} {client-address} {route} {params.id}-{params.item}"
                      x-braces: "{{{consumer}}}"
                      x-id: "{request-id}"
                      cookie: "order={params.item}"
                  response:
                    set: { x-path: "{path}" }
                    add: { set-cookie: "seen={params.item}; HttpOnly" }
          - { name: files, paths: [/files], strip-prefix: true, policies: [
              headers: { response: { set: { x-path: "{path}" } } } ] }
    """
  }

  @Test func `Captures stand for what the request is`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: services(upstream.port))
    let answer = try gateway.client().request(
      "GET", "/orders/a%2Db/items/7", ["Cookie: mine=1", "Cookie: mine=2", "X-Id: forged"])
    #expect(answer.status == 200)
    let lines = answer.body.components(separatedBy: "\r\n")
    #expect(lines.contains("x-all: get api.test/orders/a-b/items/7 127.0.0.1 order a-b-7"))
    #expect(lines.contains("x-braces: {}"))
    #expect(lines.filter { $0.hasPrefix("cookie:") } == ["cookie: order=7"])
    let id = try #require(answer.fields["x-request-id"])
    #expect(lines.contains("x-id: \(id)"))
    #expect(answer.fields["x-path"] == "/orders/a-b/items/7")
    #expect(answer.fields["set-cookie"] == "seen=7; HttpOnly")
    withExtendedLifetime(upstream) {}
  }

  // NRM-20.
  @Test func `No capture ends a cookie`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: services(upstream.port))
    let answer = try gateway.client().request(
      "GET", "/orders/1/items/evil:1;domain=evil,x")
    #expect(answer.status == 200)
    #expect(answer.fields["set-cookie"] == "seen=evil:1%3Bdomain=evil%2Cx; HttpOnly")
    #expect(answer.body.contains("\r\ncookie: order=evil:1%3bdomain=evil%2cx"))
    withExtendedLifetime(upstream) {}
  }

  // NRM-09.
  @Test func `A response tells the path that the client asked for, not the upstream's`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: services(upstream.port))
    let answer = try gateway.client().request("GET", "/files/a")
    #expect(answer.body.hasPrefix("get /a http/1.1"))
    #expect(answer.fields["x-path"] == "/files/a")
    withExtendedLifetime(upstream) {}
  }

  // NRM-13.
  @Test func `What a client says of the way it came is replaced`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(services: Services.open(upstream.port))
    let answer = try gateway.client().request(
      "GET", "/",
      [
        "X-Forwarded-For: 10.9.9.9", "X-Forwarded-For: 10.9.9.8", "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.test", "X-Forwarded-Port: 666", "X-Real-IP: 10.9.9.9",
        "Forwarded: for=10.9.9.9;host=evil.test", "X-Forwarded-Foo: 1",
      ], host: "API.test:8443")
    #expect(answer.status == 200)
    let lines = answer.body.components(separatedBy: "\r\n").filter {
      $0.hasPrefix("x-forwarded-") || $0.hasPrefix("forwarded") || $0.hasPrefix("x-real")
    }
    #expect(
      lines.sorted() == [
        "x-forwarded-foo: 1", "x-forwarded-for: 127.0.0.1", "x-forwarded-host: api.test:8443",
        "x-forwarded-proto: http",
      ])
    withExtendedLifetime(upstream) {}
  }

  @Test func `An unknown capture is an error that names the nearest`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      listeners: [{ bind: 127.0.0.1:8080 }]
      services:
        - name: shop
          upstreams: [http://127.0.0.1:9]
          public: true
          routes: [{ paths: ["/users/{user}"] }]
          policies:
            - headers: { request: { set: { a: "{consumr}", b: "{params.usr}", c: "{", d: "}" } } }
            - headers: { response: { set: { location: "https://{host}/", cookie: a } } }
      """
    try Data(text.utf8).write(to: folder.appending(path: "gatehouse.yaml"))
    let result = try Command.run(
      RunningGateway.binary, ["check", "--config", "gatehouse.yaml"], in: folder)
    #expect(result.status == 1)
    #expect(result.output.contains("did you mean 'consumer'?"))
    #expect(result.output.contains("did you mean 'params.user'?"))
    #expect(result.output.components(separatedBy: "a brace without its partner").count == 3)
    #expect(result.output.contains("'{host}' in 'location'"))
    #expect(result.output.contains("'cookie' can only be set, in requests"))
  }
}
