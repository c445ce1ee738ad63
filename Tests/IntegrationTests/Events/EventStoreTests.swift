import Foundation
import Testing

/// Events of a running gateway, from the request to what a search prints.
@Suite(.serialized) struct EventStoreTests {
  private func search(
    _ gateway: RunningGateway, _ words: [String] = []
  ) throws -> [[String: Any]] {
    let result = try Command.run(
      RunningGateway.binary,
      ["events", "search", "--folder", "events", "--json"] + words, in: gateway.folder)
    #expect(result.status == 0, "\(result.output)")
    return try result.output.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return object as? [String: Any] ?? [:]
    }
  }

  private func wait(_ gateway: RunningGateway, for count: Int) throws {
    try Waiting.until("\(count) events") {
      (try? search(gateway, ["--limit", "1000"]))?.filter { $0["route"] as? String != "admin" }
        .count ?? 0 >= count
    }
  }

  @Test func `LOG-01: each request leaves one event, whoever ended it and where`() throws {
    let upstream = try TestUpstream()
    let services =
      Services.keyed(
        upstream.port, more: "      - rate-limit: { limit: 2/hour, by: consumer }")
      + "\n    routes: [{ name: items, paths: [\"/items/{id}\"], methods: [GET, POST] }]"
    let gateway = try RunningGateway(
      services: services, rest: Services.consumers + "\nevents: { node: edge-7, store: events }",
      workers: 2)
    let key = ["X-API-Key: \(Services.key)", "User-Agent: test/1"]
    #expect(try gateway.client().request("GET", "/items/7?page=2", key).status == 200)
    #expect(try gateway.client().request("POST", "/items/8", key).status == 200)
    #expect(try gateway.client().request("GET", "/items/9", key).status == 429)
    #expect(try gateway.client().request("GET", "/items/9").status == 401)
    #expect(try gateway.client().request("GET", "/items/9", ["X-API-Key: no"]).status == 401)
    #expect(try gateway.client().request("DELETE", "/items/9", key).status == 405)
    #expect(try gateway.client().request("GET", "/nowhere").status == 404)
    let broken = try gateway.client()
    try? broken.send("nonsense\r\n\r\n")
    #expect(try broken.answer().status == 400)
    try wait(gateway, for: 8)
    let events = try search(gateway)
    #expect(events.count == 8)
    func only(_ words: String...) throws -> [[String: Any]] { try search(gateway, words) }
    let good = try only("--status", "200", "--method", "GET")
    #expect(good.count == 1)
    let event = good.first ?? [:]
    for (name, value) in [
      "node": "edge-7", "path": "/items/7", "query": "page=2", "route": "items",
      "service": "keyed", "template": "/items/{id}", "consumer": "mobile-app",
      "client": "127.0.0.1", "user_agent": "test/1", "outcome": "ok", "kind": "exchange",
    ] {
      #expect(event[name] as? String == value, "\(name)")
    }
    #expect((event["credential"] as? String)?.count == 16)
    let limited = try only("--policy", "rate-limit")
    #expect(limited.map { $0["problem"] as? String } == ["rate-limited"])
    let keys = try only("--policy", "api-key")
    #expect(
      Set(keys.map { $0["problem"] as? String ?? "" })
        == ["credentials-required", "credentials-invalid"])
    // Whoever tries keys can be counted, and no key can be told from the mark.
    let wrong = keys.first { $0["problem"] as? String == "credentials-invalid" }
    #expect(wrong?["credential"] as? String != event["credential"] as? String)
    #expect(try only("--outcome", "refused").count == 6)
    #expect(try only("--path", "/items/", "--consumer", "mobile-app").count == 3)
    #expect(try only("--client", "10.0.0.0/8").isEmpty)
    #expect(try only("--since", "1h", "--status", "4xx", "--status", "500-599").count == 6)
    withExtendedLifetime(upstream) {}
  }

  @Test func `LOG-06: a kill loses what is younger than half a second, and nothing else`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: "events: { store: events }", workers: 1)
    let client = try gateway.client()
    for number in 0..<300 { #expect(try client.request("GET", "/a/\(number)").status == 200) }
    // A loop keeps a block for half a second at most.
    try wait(gateway, for: 300)
    gateway.signal(SIGKILL)
    _ = try gateway.status()
    #expect(try search(gateway, ["--limit", "1000"]).count == 300)
    try gateway.restart()
    #expect(try gateway.client().request("GET", "/after").status == 200)
    try wait(gateway, for: 301)
    let paths = try search(gateway, ["--limit", "1000"]).compactMap { $0["path"] as? String }
    #expect(Set(paths).count == 301 && paths.count == 301)
    #expect(paths.first == "/after")
    withExtendedLifetime(upstream) {}
  }

  @Test func `LOG-07: with a disk that is full requests go on, and the loss is counted and told`()
    throws
  {
    // A file system of 256 KiB, of which the store's folder is all.
    let folder = FileManager.default.temporaryDirectory.appending(path: "full-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let mounted = try Command.run(
      URL(filePath: "/bin/mount"), ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path],
      in: FileManager.default.temporaryDirectory)
    // Not everybody may mount.
    guard mounted.status == 0 else { return }
    defer {
      _ = try? Command.run(
        URL(filePath: "/bin/umount"), ["-l", folder.path],
        in: FileManager.default.temporaryDirectory)
    }
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port),
      rest: "events: { store: \(folder.path)/events, outputs: [{ file: \(folder.path)/out }] }",
      workers: 1)
    let client = try gateway.client()
    for number in 0..<2000 { #expect(try client.request("GET", "/a/\(number)").status == 200) }
    try Waiting.until("a message: \(gateway.messages)") {
      gateway.messages.contains("the store of events")
        && gateway.messages.contains("the output file")
    }
    #expect(try client.request("GET", "/after").status == 200)
    withExtendedLifetime(upstream) {}
  }

  @Test func `A reload changes what becomes of events, and the rest goes on`() throws {
    let upstream = try TestUpstream()
    let services = Services.open(upstream.port)
    let gateway = try RunningGateway(services: services, workers: 1)
    #expect(try gateway.client().request("GET", "/before").status == 200)
    try gateway.write(
      services: services,
      rest: "events: { store: events, outputs: [{ file: out.json, events: notable }] }")
    gateway.signal(SIGHUP)
    try Waiting.until("a reload") { gateway.messages.contains("configuration reloaded") }
    #expect(try gateway.client().request("GET", "/between").status == 200)
    #expect(try gateway.client().request("GET", "/breaks").status == 502)
    try wait(gateway, for: 2)
    try Waiting.until("a line") { gateway.text(of: "out.json").contains("\"status\":502") }
    #expect(!gateway.text(of: "out.json").contains("between"))
    try gateway.write(services: services, rest: "events: { outputs: [{ file: /nowhere/x/y }] }")
    gateway.signal(SIGHUP)
    try Waiting.until("a second reload") {
      gateway.messages.components(separatedBy: "configuration reloaded").count > 2
    }
    #expect(try gateway.client().request("GET", "/after").status == 200)
    #expect(try search(gateway, ["--path", "/after"]).isEmpty)
    withExtendedLifetime(upstream) {}
  }

  @Test func `A tail prints what comes, and a table what people read`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), rest: "events: { store: events }", workers: 1)
    let file = gateway.folder.appending(path: "tail")
    try Data().write(to: file)
    let process = Process()
    process.executableURL = RunningGateway.binary
    process.arguments = ["events", "tail", "--config", "gatehouse.yaml", "--path", "/seen"]
    process.currentDirectoryURL = gateway.folder
    process.standardOutput = try FileHandle(forWritingTo: file)
    try process.run()
    defer { kill(process.processIdentifier, SIGKILL) }
    try Waiting.until("the head") { gateway.text(of: "tail").contains("STATUS") }
    #expect(try gateway.client().request("GET", "/unseen").status == 200)
    #expect(try gateway.client().request("GET", "/seen?a=%1B%5B2J").status == 200)
    try Waiting.until("a line: \(gateway.text(of: "tail"))") {
      gateway.text(of: "tail").contains("GET /seen?a=%1B%5B2J")
    }
    #expect(!gateway.text(of: "tail").contains("unseen"))
    withExtendedLifetime(upstream) {}
  }
}
