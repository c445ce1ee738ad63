import Blueprint
import Formats
import Testing

/// A sound file with `text` from line 3 on.
func around(_ text: String) -> String {
  "listeners: [{ bind: 127.0.0.1:8080 }]\n\n" + text + "\n"
}

/// One service with `text` as further keys, which start in line 6.
func service(_ text: String) -> String {
  around("services:\n  - name: a\n    upstreams: http://u:1\n\(indented(text))")
}

/// One public service with the keys `text` in its one route, which start in line 8.
func route(_ text: String) -> String {
  service("public: true\nroutes:\n  -\n\(indented(text))")
}

func indented(_ text: String) -> String {
  text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
}

@Suite struct BlueprintErrorTests {
  @Test func `Nothing is wrong with the surroundings`() {
    #expect(complaints(around("")) == [])
    #expect(complaints(service("public: true")) == [])
    #expect(complaints(route("paths: /x")) == [])
  }

  @Test func `All that is wrong is told at once, in the order of the file`() {
    let text = """
      workers: many
      listeners: [{ bind: 8080, tsl: {} }]
      services: [{ name: a, upstream: http://x:1 }]
      """
    #expect(
      complaints(text) == [
        "1:10: 'workers' is 'many', expected a whole number from 1 to 1024",
        "2:21: 'bind' is '8080', expected an address and a port, such as 127.0.0.1:8080, "
          + "0.0.0.0:8080 or [::]:8080",
        "2:27: unknown key 'tsl', did you mean 'tls'?",
        "3:12: 'upstreams' is missing",
        "3:12: nothing says who may call this route, expected one of the policies api-key, jwt "
          + "here or in its service, or 'public: true'",
        "3:23: unknown key 'upstream', did you mean 'upstreams'?",
      ])
  }

  @Test(arguments: [
    ("{}", ["1:1: 'listeners' is missing"]),
    ("[]", ["1:1: a list stands here, expected a mapping of keys and values"]),
    ("listeners: []", ["1:12: 'listeners' is empty, expected at least one listener"]),
    ("listeners: {}", ["1:12: 'listeners' is a mapping, expected a list"]),
    ("listeners: [{}]", ["1:13: 'bind' is missing"]),
    (
      "listeners: [{ bind: 127.0.0.1:80 }, { bind: 0.0.0.0:80 }]",
      [
        "1:37: 0.0.0.0:80 is taken by the listener 127.0.0.1:80 in line 1, expected another port"
      ]
    ),
    ("listeners: [{ bind: 127.0.0.1:0 }, { bind: 127.0.0.1:0 }]", []),
    ("listeners: [{ bind: 127.0.0.1:80 }, { bind: '[::]:80' }]", []),
    (
      "listeners: [{ bind: 0.0.0.0:9901 }]",
      [
        "1:13: 127.0.0.1:9901 of 'admin' is taken by the listener 0.0.0.0:9901 in line 1, expected "
          + "another port"
      ]
    ),
    (
      "listeners: [{ bind: 127.0.0.1:80 }]\nadmin: { bind: 0.0.0.0:9901 }",
      [
        "2:8: 'admin' listens on 0.0.0.0:9901 without TLS, expected 'tls' with a certificate, or a "
          + "loopback address, such as 127.0.0.1:9901",
        "2:8: 'admin' listens on 0.0.0.0:9901, and nobody is asked who he is, expected 'store', "
          + "which holds the administrators, or a loopback address",
        "2:8: 'admin' listens on 0.0.0.0:9901 and knows no name of its own, expected 'hosts', the "
          + "names that it is reached by",
      ]
    ),
    (
      "listeners: [{ bind: 127.0.0.1:80 }]\nzebra: { sqlite: x }",
      [
        "2:1: unknown key 'zebra', expected one of admin, assignments, consumers, counters, "
          + "detection, events, hand-over, identity, limits, listeners, logging, plans, roles, "
          + "services, store, workers"
      ]
    ),
    (
      "listeners: [{ bind: 127.0.0.1:80 }]\nstore: { sqlite: x, postgres: 'mysql://x' }",
      [
        "2:8: both 'sqlite' and 'postgres', expected one of them",
        "2:31: 'postgres' without a master key, expected 'master-key' or 'master-key-file'",
      ]
    ),
    (
      "listeners: [{ bind: 127.0.0.1:80 }]\nstore: { master-key: '00' }",
      [
        "2:8: no database, expected 'sqlite', a file, or 'postgres', a URL",
        "2:22: the master key stands here in plain text, expected ${env:NAME} or ${file:PATH}, or "
          + "'master-key-file'",
      ]
    ),
    (
      "listeners: [{ bind: 127.0.0.1:80 }]\nservice: []",
      ["2:1: unknown key 'service', did you mean 'services'?"]
    ),
  ])
  func `Mistakes in listeners are named`(text: String, expected: [String]) {
    #expect(complaints(text) == expected)
  }

  @Test(arguments: [
    ("certificate: a.pem\nkey: a.key", []),
    ("certificates: [{ certificate: a, key: b }, { certificate: c, key: d }]", []),
    ("profile: modern", ["4:5: no certificate, expected 'certificate' and 'key'"]),
    ("certificate: a.pem", ["4:18: 'certificate' without 'key', expected both"]),
    ("key: a.pem", ["4:10: 'key' without 'certificate', expected both"]),
    ("certificates: []", ["4:19: 'certificates' is empty, expected at least one"]),
    (
      "certificates: [{ certificate: a, key: b }]\ncertificate: a\nkey: b",
      ["4:19: both 'certificate' and 'certificates', expected one of them"]
    ),
    ("certificate: ''\nkey: b", ["4:18: 'certificate' is '', expected the path of a file"]),
    (
      "certificate: a\nkey: b\nprofile: moden",
      ["6:14: 'profile' is 'moden', did you mean 'modern'?"]
    ),
    (
      "certificate: a\nkey: b\nprofile: old",
      ["6:14: 'profile' is 'old', expected one of intermediate, modern"]
    ),
    (
      "certificate: a\nkey: b\nclient-certificates: required",
      [
        "6:26: 'client-authority' is missing, expected a PEM file of the authorities that client "
          + "certificates come from"
      ]
    ),
    (
      "certificate: a\nkey: b\nclient-authority: c",
      [
        "6:23: 'client-authority' without 'client-certificates', expected 'client-certificates: "
          + "optional' or 'required'"
      ]
    ),
  ])
  func `Mistakes in TLS are named`(text: String, expected: [String]) {
    let file = "listeners:\n- bind: 127.0.0.1:8443\n  tls:\n\(indented(text))\n"
    #expect(complaints(file) == expected)
  }

  @Test func `HTTP 2 in clear text is there by prior knowledge alone`() {
    #expect(
      complaints("listeners: [{ bind: 127.0.0.1:80, http2: alpn }]")
        == ["1:42: 'http2: alpn' without 'tls', expected 'prior-knowledge' or 'off'"])
    #expect(
      complaints("listeners: [{ bind: 127.0.0.1:80, http2: h2 }]")
        == ["1:42: 'http2' is 'h2', expected one of alpn, prior-knowledge, off"])
    let plain = read("listeners: [{ bind: 127.0.0.1:80 }]").blueprint?.listeners.first
    #expect(plain?.http2 == .off)
  }

  @Test func `To trust every client is doubtful, and allowed`() {
    let result = read("listeners: [{ bind: 127.0.0.1:80, trusted-hops: [10.0.0.0/8, 0.0.0.0/0] }]")
    #expect(result.blueprint?.listeners.first?.trustedHops.count == 2)
    #expect(
      result.diagnostics.description
        == "gatehouse.yaml:1:49: warning: every client is trusted to say which address it comes "
        + "from, "
        + "expected the addresses of your own proxies")
  }

  @Test func `A policy that does not exist is named, if the reader knows them all`() {
    let text = service("policies: [api-kye: {}, api-key: {}, cors]")
    let reader = BlueprintReader(
      authenticationPolicies: ["api-key"], policies: ["api-key", "rate-limit"])
    let diagnostics = reader.read(Array(text.utf8), file: "f", interpolation: .none).diagnostics
    #expect(
      diagnostics.sorted.map(\.description) == [
        "f:6:16: unknown policy 'api-kye', did you mean 'api-key'?",
        "f:6:42: unknown policy 'cors', expected one of api-key, rate-limit",
      ])
  }
}
