import Blueprint
import Formats
import Testing

@Suite struct SecretTests {
  /// Every kind of value that a configuration may hold.
  private static let everything = """
    workers: 2
    listeners:
      - bind: 127.0.0.1:8443
        trusted-hops: [10.0.0.0/8]
        tls:
          certificates: [{ certificate: a.pem, key: a.key }]
          profile: modern
          client-certificates: required
          client-authority: ca.pem
          session-tickets: false
    services:
      - name: a
        public: false
        upstreams: [{ url: "https://u.example:8443", weight: 3 }]
        upstream-tls: { authority: ca.pem, server-name: u }
        balance: least-loaded
        host-header: preserve
        timeouts: { connect: 1s }
        retries: { count: 2, budget: 12.5% }
        keep-alive: { idle-max: 8, idle-timeout: 10s }
        policies: [{ api-key: {} }]
        routes:
          - { name: r, hosts: ["*.x.y"], paths: [{ exact: /a }, /b], headers: { x: y } }
          - { paths: /p, methods: [GET], path-rule: keep, strip-prefix: true }
    consumers:
      - name: c
        api-keys: ["sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"]
        roles: [r]
        disabled: false
    logging:
      access: { path: a.log, format: json, rotate: { size: 1MiB, age: 1d, keep: 3 }, mask: [x] }
      error: { level: info }
    limits: { head: 64KiB, fields: 50, header-timeout: 5s }
    """

  /// The places of all values that are single.
  private static func places(of node: Node) -> [(Position, Int)] {
    switch node.kind {
    case .scalar:
      return [(node.position, (node.text?.utf8.count ?? 0) + (node.isQuoted ? 2 : 0))]
    case .sequence: return node.elements.flatMap(places)
    case .mapping: return (0..<node.count).flatMap { places(of: node.pair($0).value) }
    }
  }

  // SEC-08.
  @Test(arguments: [
    "sekret", "sekret!?", "http://sekret", "ftp://sekret", "/sekret/../x", "sha256:sekret",
    "10.0.sekret",
    "sekret=%2f", "7sekret", "*sekret*", "/{sekret}/{sekret}", "= /sekret",
  ])
  func `What a reference stands for is never shown, wherever it stands`(secret: String) throws {
    let lines = SecretTests.everything.split(separator: "\n").map(String.init)
    let interpolation = Interpolation(
      environment: { _ in .found(secret) }, file: { _ in .found(secret) })
    let reader = BlueprintReader(authenticationPolicies: ["api-key"])
    func complaints(_ lines: [String]) -> String {
      let bytes = Array(lines.joined(separator: "\n").utf8)
      return reader.read(bytes, file: "f", interpolation: interpolation).diagnostics.description
    }
    try #require(complaints(lines) == "")
    let diagnostics = Diagnostics(file: "f")
    let bytes = Array(SecretTests.everything.utf8)
    let root = try #require(YAMLReader().read(bytes, into: diagnostics))
    let places = SecretTests.places(of: root)
    #expect(places.count > 40)
    var refused = 0
    for (position, count) in places {
      var changed = lines
      var line = Array(lines[position.line - 1].utf8)
      line.replaceSubrange(
        position.column - 1..<position.column - 1 + count, with: Array("\"${env:S}\"".utf8))
      changed[position.line - 1] = String(decoding: line, as: UTF8.self)
      let found = complaints(changed)
      #expect(!found.contains("sekret"))
      if !found.isEmpty { refused += 1 }
    }
    #expect(refused > 20)
  }
}
