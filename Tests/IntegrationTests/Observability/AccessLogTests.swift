import Foundation
import Glibc
import Testing

/// The access log of a real run: its forms, its files, and what never stands in it.
@Suite(.serialized) struct AccessLogTests {
  private func start(_ logging: String) throws -> (RunningGateway, TestUpstream) {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.open(upstream.port), workers: 1, logging: logging)
    return (gateway, upstream)
  }

  @Test func `The Common and Combined formats are as other programs read them`() throws {
    for (format, end) in [
      ("common", ""), ("combined", #" "https://a\.test/" "test/1 \\x22x\\x22""#),
    ] {
      let (gateway, upstream) = try start("{ path: access.log, format: \(format) }")
      let answer = try gateway.client().request(
        "GET", "/a?b=c&token=hunter2", ["User-Agent: test/1 \"x\"", "Referer: https://a.test/"])
      try Waiting.until("a line") { !gateway.accessLog.isEmpty }
      let line = String(try #require(gateway.accessLog.first))
      let pattern =
        #"127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "#
        + #""GET /a\?b=c&token=\*\*\* HTTP/1\.1" 200 "# + "\(answer.body.utf8.count)" + end
      #expect(try Regex(pattern).wholeMatch(in: line) != nil, "\(line)")
      withExtendedLifetime(upstream) {}
    }
  }

  @Test func `What the configuration names is masked, beside what always is`() throws {
    let (gateway, upstream) = try start(
      "{ path: access.log, mask: [Patient, referer] }")
    _ = try gateway.client().request(
      "GET", "/a?patient=canary-1&x=plain&PATIENT=canary-2&p%61tient=canary-3&api_key=canary-4",
      ["Referer: https://a.test/canary-5"])
    let entries = try gateway.entries(1)
    #expect(
      entries[0]["query"] as? String
        == "patient=***&x=plain&PATIENT=***&p%61tient=***&api_key=***")
    #expect(entries[0]["referer"] as? String == "***")
    #expect(!gateway.text(of: "access.log").contains("canary"))
    withExtendedLifetime(upstream) {}
  }

  @Test func `A full file is moved aside and no line is lost`() throws {
    let (gateway, upstream) = try start(
      "{ path: access.log, rotate: { size: 64KiB, keep: 20 } }")
    let client = try gateway.client()
    let long = String(repeating: "x", count: 900)
    for number in 0..<150 { _ = try client.request("GET", "/\(number)/\(long)") }
    gateway.signal(SIGTERM)
    #expect(try gateway.status() == 0)
    let names = (1...20).reversed().map { "access.log.\($0)" } + ["access.log"]
    let files = names.map { gateway.text(of: $0) }.filter { !$0.isEmpty }
    #expect(files.count > 2)
    #expect(files.dropLast().allSatisfy { $0.utf8.count <= 64 * 1024 })
    let paths = files.joined().split(separator: "\n").compactMap { line in
      line.firstMatch(of: /"path":"\/(\d+)\//).flatMap { Int($0.output.1) }
    }
    #expect(paths == Array(0..<150))
    withExtendedLifetime(upstream) {}
  }

  @Test func `Told by SIGUSR1, it opens its file by its name again`() throws {
    let (gateway, upstream) = try start("access.log")
    let client = try gateway.client()
    _ = try client.request("GET", "/before")
    try Waiting.until("a line") { gateway.accessLog.count == 1 }
    try FileManager.default.moveItem(
      at: gateway.folder.appending(path: "access.log"),
      to: gateway.folder.appending(path: "moved.log"))
    gateway.signal(SIGUSR1)
    try Waiting.until("a new file") {
      FileManager.default.fileExists(atPath: gateway.folder.appending(path: "access.log").path)
    }
    _ = try client.request("GET", "/after")
    try Waiting.until("a line") { gateway.accessLog.count == 1 }
    #expect(gateway.text(of: "moved.log").contains("/before"))
    #expect(gateway.accessLog.first?.contains("/after") == true)
    withExtendedLifetime(upstream) {}
  }

  @Test func `A reload changes form, masks and file, and no line is lost`() throws {
    let (gateway, upstream) = try start("access.log")
    let client = try gateway.client()
    func write(_ logging: String) throws {
      let reloads = "gatehouse_config_reloads_total{result=\"success\"}"
      let before = try gateway.metric(reloads) ?? 0
      try gateway.write(services: Services.open(upstream.port), logging: logging)
      gateway.signal(SIGHUP)
      try Waiting.until("the reload") { (try? gateway.metric(reloads)) ?? 0 > before }
    }
    for _ in 0..<20 { _ = try client.request("GET", "/1") }
    try write("{ path: access.log, mask: [page] }")
    // Connections that were open before write to the new log as well, at their loop's next turn.
    try Waiting.until("the mask") {
      _ = try? client.request("GET", "/2?page=7")
      return gateway.accessLog.contains { $0.contains("page=***") }
    }
    try write("{ path: other.log, format: common }")
    try Waiting.until("the other file") {
      _ = try? client.request("GET", "/3")
      return gateway.text(of: "other.log").contains("/3 HTTP/1.1")
    }
    try write("'off'")
    #expect(gateway.accessLog.filter { $0.contains("\"path\":\"/1\"") }.count == 20)
    // A file that cannot be had leaves everything as it is.
    try gateway.write(services: Services.open(upstream.port), logging: "no/such/folder.log")
    gateway.signal(SIGHUP)
    try Waiting.until("a message") { gateway.messages.contains("cannot open the access log") }
    #expect(try gateway.metric("gatehouse_config_last_reload_successful") == 0)
    #expect(try client.request("GET", "/4").status == 200)
    withExtendedLifetime(upstream) {}
  }

  // TLS-15.
  // SEC-07.
  @Test func `No secret that passes through is told anywhere`() throws {
    let upstream = try TestUpstream()
    let gateway = try RunningGateway(
      services: Services.keyed(upstream.port), rest: Services.consumers)
    let fields = [
      "Authorization: Bearer canary-1", "Cookie: sid=canary-2", "Proxy-Authorization: canary-3",
      "X-Auth-Token: canary-4", "Referer: https://a.test/b?access_token=canary-5&c=d",
      "X-Forwarded-For: canary-6", "Tracestate: a=canary-7", "Baggage: user=canary-8",
    ]
    // A token under a harmless name, in the path and in the query: canary-16 in its encoding.
    let token = "eyJhbGciOiJub25lIn0.Y2FuYXJ5LTE2.Y2FuYXJ5LTE2"
    let query =
      "state=\(token)&password=canary-9&X-Amz-Signature=canary-10&code=canary-11;jwt=canary-12"
    for key in [Services.key, "canary-13"] {
      let answer = try gateway.client().request(
        "POST", "/a/\(token)?\(query)", fields + ["X-API-Key: \(key)", "Content-Length: 9"],
        body: "canary-14")
      #expect(answer.status == (key == Services.key ? 200 : 401))
    }
    let broken = try gateway.client()
    try broken.send("GET /b?\(query) HTTP/1.1\r\nAuthorization: canary-15\r\nbroken\r\n\r\n")
    _ = try broken.answer()
    let metrics = try Client(port: gateway.adminPort).request(
      "GET", "/metrics", host: "127.0.0.1:\(gateway.adminPort)")
    #expect(try gateway.entries(3).count == 3)
    for text in [gateway.text(of: "access.log"), gateway.messages, metrics.body] {
      #expect(!text.contains("canary"))
      #expect(!text.contains("Y2FuYXJ5"))
      #expect(!text.contains(Services.key))
    }
    withExtendedLifetime(upstream) {}
  }

  @Test func `Hostile text stays data, whatever the form of the log`() throws {
    for format in ["json", "combined"] {
      let (gateway, upstream) = try start("{ path: access.log, format: \(format) }")
      let client = try gateway.client()
      let hostile = [
        "\u{202E}gpj.exe", "\u{9B}31m", "\"},{\"status\":200", "\\\"", "${jndi:ldap://a.test}",
        "\u{2028}x", "\u{FEFF}",
      ]
      for text in hostile {
        let answer = try client.request("GET", "/", ["User-Agent: \(text)", "Referer: \(text)"])
        #expect(answer.status == 200)
      }
      for path in ["/%0d%0a%22status%22:200", "/%1b%5b2J", "/%e2%80%ae", "/%22%7d"] {
        _ = try client.request("GET", path)
      }
      gateway.signal(SIGTERM)
      #expect(try gateway.status() == 0)
      let text = gateway.text(of: "access.log")
      #expect(gateway.accessLog.count == hostile.count + 4)
      let hidden: Set<Unicode.GeneralCategory> = [
        .control, .format, .lineSeparator, .paragraphSeparator,
      ]
      for scalar in text.unicodeScalars where scalar != "\n" {
        #expect(!hidden.contains(scalar.properties.generalCategory), "\(scalar.value)")
      }
      if format == "json" {
        for (line, agent) in zip(gateway.accessLog, hostile) {
          let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
          #expect(object?["user_agent"] as? String == agent)
        }
      }
      withExtendedLifetime(upstream) {}
    }
  }
}
