import Blueprint
import Formats

/// The configuration that `gatehouse init` writes.
struct ConfigurationTemplate {
  let upstream: String
  let isDemo: Bool

  /// The name of the one consumer.
  var consumer: String { isDemo ? "demo-client" : "first-client" }

  /// Why the upstream cannot stand in a configuration; nil if it can.
  var problem: String? {
    let isPlain = upstream.utf8.allSatisfy {
      (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        && $0 != UInt8(ascii: "$")
    }
    guard isPlain, upstream.utf8.count <= 512 else {
      return "--upstream is no URL: expected for example http://localhost:3000"
    }
    // The reader knows best what an upstream may be, so it is asked.
    let hash = "sha256:" + String(repeating: "0", count: 63) + "1"
    let (_, diagnostics) = BlueprintReader(authenticationPolicies: ["api-key"]).read(
      Array(text(keyHash: hash).utf8), file: "gatehouse.yaml", interpolation: .none)
    guard let finding = diagnostics.sorted.first(where: { $0.severity == .error }) else {
      return nil
    }
    return "--upstream: \(finding.message)" + (finding.expected.map { ", expected \($0)" } ?? "")
  }

  /// The file, with this hash for the key of the consumer.
  func text(keyHash: String) -> String {
    """
    # The configuration of Gatehouse. 'gatehouse check' says what is wrong with it; a running
    # gateway takes changes over when the file is saved, if all of it is right.

    # Where clients connect. 0.0.0.0:8443 would be every IPv4 address of this machine.
    listeners:
      - bind: 127.0.0.1:8080
      - bind: 127.0.0.1:8443
        tls:
          # Made for development: clients trust it by certs/ca.pem. Put your own here.
          certificate: certs/api.pem
          key: certs/api.key

    # Health and metrics; loopback only.
    admin:
      bind: 127.0.0.1:9901

    services:
      - name: \(isDemo ? "demo" : "api")
        upstreams:
          - "\(upstream)"
        # What every request goes through, by stage, whatever the order here.
        policies:
          # Who calls: without a key of one of the consumers below, 401.
          - api-key: { header: X-API-Key }
          # How often: beyond it, 429 and when to come back.
          - rate-limit: { limit: \(isDemo ? "60" : "100")/minute, by: consumer }
          # How much: a longer body, 413.
          - body-limit: { size: 1MiB }
        routes:
          - paths: [/]
    \(routes)

    # Who may call. 'gatehouse new-key' makes a key and the hash that belongs here.
    consumers:
      - name: \(consumer)
        api-keys:
          - \(keyHash)

    # A line of JSON for each request; '-' instead of a path is standard output.
    logging:
      access:
        path: access.log
        rotate: { size: 100MiB, keep: 7 }

    """
  }

  /// The second route, or how to write one.
  private var routes: String {
    let route = "- { paths: [\"= /health\"], public: true }"
    let lines =
      isDemo
      ? ["# Open to everybody, and it says so.", route]
      : ["# A route that nobody needs a key for must say so:", "# \(route)"]
    return lines.map { "      " + $0 }.joined(separator: "\n")
  }
}
