import Blueprint
import Formats
import OpenAPI

/// The configuration that `gatehouse init` writes.
struct ConfigurationTemplate {
  let upstream: String
  let isDemo: Bool
  /// The description of the API, and what it says; nil if there is none.
  var description: (file: String, outline: APIOutline)?

  /// What the demo's identity provider knows; nil if there is none.
  var identity: DemoIdentity?

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

  /// The file, with this hash for the key of the consumer; without consumers and certificates if
  /// there is none.
  func text(keyHash: String?) -> String {
    """
    # The configuration of Gatehouse. 'gatehouse check' says what is wrong with it; a running
    # gateway takes changes over when the file is saved, if all of it is right.

    # Where clients connect. 0.0.0.0:8443 would be every IPv4 address of this machine.
    listeners:
      - bind: 127.0.0.1:8080
    \(keyHash == nil ? "" : secureListener)
    # Health and metrics; loopback only.
    admin:
      bind: 127.0.0.1:9901

    services:
      - name: \(isDemo ? "demo" : "api")\(descriptionLines)
        upstreams:
          - "\(upstream)"
        # What every request goes through, by stage, whatever the order here.
        policies:
    \(callers)
          # How often: beyond it, 429 and when to come back.
          - rate-limit: { limit: \(isDemo ? "60" : "100")/minute, by: consumer }
          # How much: a longer body, 413.
          - body-limit: { size: 1MiB }
    \(routes)

    \(keyHash.map(consumers) ?? emptyConsumers)
    \(identity?.lines ?? "")

    # A line of JSON for each request; '-' instead of a path is standard output.
    logging:
      access:
        path: access.log
        rotate: { size: 100MiB, keep: 7 }

    """
  }

  /// The policy that tells who calls.
  private var callers: String {
    if identity == nil {
      return """
              # Who calls: without a key of one of the consumers below, 401.
              - api-key: { \(keyPlace) }
        """
    }
    return """
            # Who calls: a consumer by its key, or somebody by a token of the provider below.
            - any-of:
                ways:
                  - api-key: { \(keyPlace) }
                  - jwt: { issuer: "\(DemoIdentity.issuer)", audience: "\(DemoIdentity.audience)" }
      """
  }

  /// The listener with TLS.
  private var secureListener: String {
    """
        # Nobody is served in clear text: clients are sent to TLS.
        redirect-to: https://localhost:8443
      - bind: 127.0.0.1:8443
        tls:
          # Made for development: clients trust it by certs/ca.pem. Put your own here.
          certificate: certs/api.pem
          key: certs/api.key

    """
  }

  private func consumers(_ keyHash: String) -> String {
    """
    # Who may call. 'gatehouse new-key' makes a key and the hash that belongs here.
    consumers:
      - name: \(consumer)
        api-keys:
          - \(keyHash)
    """
  }

  private var emptyConsumers: String {
    """
    # Who may call. 'gatehouse new-key' makes a key and the hash that belongs here.
    # consumers:
    #   - name: first-client
    #     api-keys: ["sha256:…"]
    """
  }

  /// The line that names the description.
  private var descriptionLines: String {
    guard let description else { return "" }
    return """

          # What the API is: each path is a route, and only what is described gets through.
          openapi: \(ConfigurationTemplate.quoted(description.file))
      """
  }

  /// Where the description has a key, or else the place that is usual.
  private var keyPlace: String {
    for scheme in description?.outline.schemes ?? [] where scheme.kind == .key {
      guard let key = scheme.key, ["header", "query"].contains(key.place) else { continue }
      return "\(key.place): \(ConfigurationTemplate.quoted(key.parameter))"
    }
    return "header: X-API-Key"
  }

  /// A text in YAML's double quotes, where every byte that means something is escaped.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "$": quoted += "$$"
      case "\u{0}"..<"\u{20}", "\u{7F}": quoted += " "
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// The routes, or how they come about.
  private var routes: String {
    guard description == nil else {
      return "    # Without 'routes', there is one for each path of the description."
    }
    let route = "- { paths: [\"= /health\"], public: true }"
    let lines =
      isDemo
      ? ["# Open to everybody, and it says so.", route]
      : ["# A route that nobody needs a key for must say so:", "# \(route)"]
    let all = ["routes:", "  - paths: [/]"] + lines.map { "  " + $0 }
    return all.map { "    " + $0 }.joined(separator: "\n")
  }
}
