import Foundation
import Testing

/// What `gatehouse explain` says, by the real binary.
@Suite struct ExplainTests {
  private func explain(_ words: [String]) throws -> (status: Int32, output: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      listeners: [{ bind: 127.0.0.1:18080 }]
      services:
        - name: shop
          upstreams: [http://127.0.0.1:3000]
          policies: [{ api-key: {} }]
          routes:
            - paths: ["/users/{user}"]
              methods: [GET]
              policies: [{ access: { when: "params.user == identity.name" } }]
            - { name: health, paths: [/health], public: true }
      \(Services.consumers)
      """
    try Data(text.utf8).write(to: folder.appending(path: "gatehouse.yaml"))
    return try Command.run(RunningGateway.binary, ["explain"] + words, in: folder)
  }

  @Test func `A request that passes tells its route, its policies and its upstream`() throws {
    let key = "X-API-Key: \(Services.key)"
    let (status, output) = try explain(["--header", key, "GET", "/users/mobile-app"])
    #expect(status == 0)
    #expect(
      output.contains("route      shop/0 of service shop\n1. api-key (identification): proceed"))
    #expect(output.contains("2. access (authorization): proceed\nconsumer   mobile-app\n"))
    #expect(output.contains("forwarded  to one of http://127.0.0.1:3000\n"))
    #expect(!output.contains(Services.key))
    #expect(
      try explain(["/health"]).output.contains("route      health of service shop\nforwarded"))
  }

  @Test(arguments: [
    (["/users/a"], "1. api-key (identification): deny credentials-required\nanswered   401"),
    (
      ["--header", "X-API-Key: open-sesame", "/users/other"],
      "2. access (authorization): deny access-denied"
    ),
    (["POST", "/users/a"], "answered   405 method-not-allowed"), (["/none"], "answered   404"),
    (["/a%2"], "answered   400 malformed-request"), (["--json", "/none"], "\"status\":404"),
  ])
  func `One that does not pass tells where it ends, and why`(
    words: [String], expected: String
  ) throws {
    let (status, output) = try explain(words)
    #expect(status == 1)
    #expect(output.contains(expected))
  }

  @Test func `What is no request is wrong usage`() throws {
    #expect(try explain([]).status == 2)
    #expect(try explain(["--client", "nowhere", "/"]).status == 2)
  }
}
