import Blueprint
import Formats
import Testing

@Suite struct ServiceErrorTests {
  @Test(arguments: [
    ("name: a\nupstreams: http://u:1\npublic: true", []),
    (
      "name: a b\nupstreams: http://u:1\npublic: true",
      ["5:11: 'name' is 'a b', expected 1 to 64 letters, digits, '.', '_' and '-'"]
    ),
    ("upstreams: http://u:1\npublic: true", ["5:5: 'name' is missing"]),
    (
      "name: a\nupstreams: []\npublic: true",
      [
        "6:16: 'upstreams' is empty, expected at least one, such as http://127.0.0.1:3000"
      ]
    ),
    (
      "name: a\ngraphql: shop.yaml\nupstreams: http://u:1\npublic: true",
      [
        "6:5: unknown key 'graphql', expected one of balance, concurrency, grpc-web, hash-by, "
          + "health, host-header, keep-alive, name, openapi, policies, protocol, proxy-protocol, "
          + "public, retries, routes, slow-start, timeouts, upstream-tls, upstreams, websocket"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nprotocol: http3",
      ["8:15: 'protocol' is 'http3', did you mean 'http1'?"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\ngrpc-web: true",
      ["8:15: 'grpc-web' without 'protocol: http2'"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nprotocol: http2\nwebsocket: {}",
      ["9:16: 'websocket' with 'protocol: http2'"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nhealth: { kind: grpc }",
      ["8:13: health checks by gRPC without 'protocol: http2'"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nhealth: { kind: tcp, path: / }",
      [
        "8:26: unknown key 'path', expected one of healthy, interval, kind, timeout, unhealthy"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nkeep-alive: { streams-max: 0, ping: 2h }",
      [
        "8:32: 'streams-max' is '0', expected a whole number from 1 to 1000",
        "8:41: 'ping' is '2h', expected 0s to 1h",
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nproxy-protocol: v3",
      ["8:21: 'proxy-protocol' is 'v3', did you mean 'v1'?"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nprotocol: http2\nproxy-protocol: v2",
      [
        "9:21: 'protocol: http2' shares connections, and 'proxy-protocol' says whose one is, "
          + "expected one of them"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nproxy-protocol: v2\nhealth: { path: /up }",
      [
        "8:21: 'health' asks without a PROXY header, and 'proxy-protocol' sends one, expected one "
          + "of them"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nhash-by: ip",
      ["8:14: 'hash-by' without 'balance: hash'"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nbalance: hash\nhash-by: 'header:'",
      ["9:14: 'hash-by' is 'header:', expected ip, consumer, path, or header:NAME"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nconcurrency: 0",
      ["8:18: 'concurrency' is '0', expected a whole number from 1 to 1000000"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nhealth: { path: healthz, timeout: 2m }",
      [
        "8:21: 'path' is 'healthz', expected a path such as /healthz",
        "8:39: 'timeout' is '2m', expected 10ms to 1m",
      ]
    ),
    (
      "name: a\nupstreams: [{ url: 'http://u:1', drain: true }]\npublic: true",
      ["6:16: all upstreams are drained, expected one at least that takes requests"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nwebsocket: { frame: 10, pings: 1 }",
      [
        "8:25: 'frame' is '10', expected 125 to 64MiB",
        "8:29: unknown key 'pings', expected one of control-frames, fragments, frame, idle, message",
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: yes",
      ["7:13: 'public' is 'yes', expected true or false"]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\npolicies: [jwt]",
      [
        "7:13: 'public: true' beside the policy 'jwt', which asks who calls, expected one of them"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npolicies: [{ api-key: {}, cors: {} }]",
      [
        "5:5: nothing says who may call this route, expected one of the policies api-key, jwt "
          + "here or in its service, or 'public: true'",
        "7:16: this is no policy, expected a name and its settings, such as 'api-key: {}'",
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nroutes: []",
      [
        "8:13: 'routes' is empty, expected at least one route, or no 'routes' for every path"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nupstream-tls: { insecure: true }",
      [
        "8:19: 'upstream-tls' for upstreams without TLS, expected https:// upstreams",
        "8:31: warning: the upstreams' certificates are not verified: anybody on the way can read "
          + "and change what is sent",
      ]
    ),
    (
      "name: a\nupstreams: https://u:1\npublic: true\nupstream-tls: { certificate: c }",
      [
        "8:34: 'certificate' without 'key', expected both"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\ntimeouts: { connect: 5, whole: 0 }",
      [
        "8:26: 'connect' is '5', a duration without a unit, expected for example 10s or 250ms"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\ntimeouts: { idle: 2d }",
      [
        "8:23: 'idle' is '2d', expected 1ms to 1d"
      ]
    ),
    (
      "name: a\nupstreams: http://u:1\npublic: true\nretries: { count: 9, budget: 10 }",
      [
        "8:23: 'count' is '9', expected a whole number from 0 to 5",
        "8:34: 'budget' is '10', expected a share from 0% to 100%",
      ]
    ),
  ])
  func `Mistakes in services are named`(text: String, expected: [String]) {
    #expect(complaints(around("services:\n  -\n" + indented(text))) == expected)
  }

  @Test(arguments: [
    ("u:1", "has no scheme, expected http:// or https:// at its begin"),
    ("ftp://u", "has no scheme, expected http:// or https:// at its begin"),
    (
      "http://",
      "has a bad host name, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://u:p@h",
      "has a user name, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://h/api",
      "has a path or query, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://h?x",
      "has a path or query, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    ("http://h:0", "has a bad port, expected a port from 1 to 65535"),
    ("http://h:65536", "has a bad port, expected a port from 1 to 65535"),
    ("http://h:080", "has a bad port, expected a port from 1 to 65535"),
    ("http://h:", "has a bad port, expected a port from 1 to 65535"),
    (
      "http://127.1:1",
      "has a bad host name, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://0x7f000001:1",
      "has a bad host name, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://2130706433",
      "has a bad host name, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://h_\u{e9}",
      "has a bad host name, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://a..b",
      "has a bad host name, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://[::1",
      "has a bad host, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://[127.0.0.1]",
      "has a bad host, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://0.0.0.0:1",
      "is no address of one host, expected a URL of scheme, host and port, such as "
        + "http://127.0.0.1:3000"
    ),
    (
      "http://[ff02::1]:1",
      "is no address of one host, expected a URL of scheme, host and port, such as "
        + "http://127.0.0.1:3000"
    ),
    (
      "http://169.254.169.254",
      "is link-local, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://[::ffff:169.254.169.254]",
      "is link-local, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
    (
      "http://[fe80::1]",
      "is link-local, expected a URL of scheme, host and port, such as http://127.0.0.1:3000"
    ),
  ])
  func `An upstream that is none is refused`(url: String, why: String) {
    let text = around("services: [{ name: a, public: true, upstreams: ['\(url)'] }]")
    #expect(complaints(text) == ["3:49: the upstream '\(url)' \(why)"])
  }

  @Test(arguments: [
    ("http://h", "http://h:80"), ("https://H.Example/", "https://h.example:443"),
    ("http://[::1]:3000", "http://[::1]:3000"), ("http://[::ffff:10.0.0.1]:1", "http://10.0.0.1:1"),
    ("http://10.0.0.1:81", "http://10.0.0.1:81"),
    ("http://my_host-1.svc", "http://my_host-1.svc:80"),
  ])
  func `An upstream is read in its one form`(url: String, canonical: String) throws {
    let text = around(
      "services: [{ name: a, public: true, upstreams: ['\(url)', { url: 'http://z:1', weight: 3 "
        + "}] }]"
    )
    let service = try #require(read(text).blueprint?.services.first)
    #expect(service.upstreams.map(\.description) == [canonical, "http://z:1"])
    #expect(service.upstreams.map(\.weight) == [1, 3])
  }

  // ADM-03, SSR-05.
  @Test(arguments: [
    ("127.0.0.1:8080", "http://127.0.0.1:8080", "a listener"),
    ("0.0.0.0:8080", "http://127.0.0.1:8080", "a listener"),
    ("0.0.0.0:8080", "http://localhost:8080", "a listener"),
    ("127.0.0.1:8080", "http://127.0.0.1:9901", "the admin listener"),
    ("127.0.0.1:8080", "http://localhost:9901", "the admin listener"),
    ("127.0.0.1:8080", "http://[::ffff:127.0.0.1]:9901", "the admin listener"),
    ("10.0.0.1:8080", "http://10.0.0.1:8080", "a listener"),
  ])
  func `The gateway is no upstream of itself`(bind: String, url: String, what: String) throws {
    let text = """
      listeners: [{ bind: "\(bind)" }]
      services: [{ name: a, public: true, upstreams: ["\(url)"] }]
      """
    let complaint = try #require(complaints(text).first)
    #expect(complaint.hasPrefix("2:49: the upstream "))
    #expect(complaint.hasSuffix(" is \(what) of the gateway itself, expected another server"))
  }

  @Test func `Another port or address is another server`() {
    let text = """
      listeners: [{ bind: 127.0.0.1:8080 }]
      services:
        - { name: a, public: true, upstreams: ["http://127.0.0.1:8081", "http://10.0.0.1:8080"] }
      """
    #expect(complaints(text) == [])
  }

  @Test func `A service is there once`() {
    let text = around(
      "services:\n- { name: a, public: true, upstreams: http://u:1, routes: [{ paths: /a }] }\n"
        + "- { name: a, public: true, upstreams: http://u:1 }")
    #expect(complaints(text) == ["5:3: the service 'a' is there twice, first in line 4"])
  }
}
