import Base
import Formats

extension BlueprintReader {
  /// Rotated files that are kept at most.
  private static let keepMax = 10_000

  func events(_ root: inout Settings) -> EventsBlueprint {
    var events = EventsBlueprint()
    guard var settings = root.settings("events") else { return events }
    if let node = settings.text("node") {
      if BlueprintReader.isName(node.string) {
        events.node = node.string
      } else {
        settings.refuse(node, "node", expected: "letters, digits and any of ._-")
      }
    }
    events.store = store(ofEvents: &settings)
    for output in settings.settingsList("outputs") ?? [] {
      guard let read = self.output(output) else { continue }
      if events.outputs.contains(where: { $0.name == read.name }) {
        settings.error(
          "the output '\(read.name)' is there twice", expected: "another 'name'",
          at: read.position)
      }
      events.outputs.append(read)
    }
    settings.finish()
    return events
  }

  private func store(ofEvents root: inout Settings) -> EventsBlueprint.Store? {
    guard let node = root.node("store") else { return nil }
    if node.kind == .scalar { return root.path("store").map { EventsBlueprint.Store(path: $0) } }
    guard var settings = root.settings("store") else { return nil }
    let path = settings.path("path")
    if path == nil, settings.node("path") == nil {
      settings.error("'path' is missing", expected: "a folder", at: settings.position)
    }
    let size = settings.size("size", in: 64 << 20...1 << 50)
    let age = settings.duration("age", in: 60_000...Quantity.durationMax)
    settings.finish()
    guard let path else { return nil }
    var store = EventsBlueprint.Store(path: path)
    if let size { store.sizeBytes = size }
    store.ageMilliseconds = age
    return store
  }

  private func output(_ given: Settings) -> EventOutputBlueprint? {
    var settings = given
    defer { settings.finish() }
    let name = settings.text("name")
    if let name, !BlueprintReader.isName(name.string) {
      settings.refuse(name, "name", expected: "letters, digits and any of ._-")
    }
    let targets: [(String, EventOutputBlueprint.Target?)] = [
      ("file", fileTarget(&settings)), ("webhook", webhookTarget(&settings)),
      ("syslog", syslogTarget(&settings)), ("otlp", otlpTarget(&settings)),
      ("clickhouse", clickhouseTarget(&settings)), ("mail", mailTarget(&settings)),
      ("kafka", kafkaTarget(&settings)),
    ]
    let found = targets.filter { settings.node.value($0.0) != nil }
    guard found.count == 1, let target = found.first?.1 else {
      if found.count != 1 {
        settings.error(
          found.isEmpty ? "the output says not where to" : "the output says twice where to",
          expected: "one of \(targets.map { "'\($0.0)'" }.joined(separator: ", "))",
          at: settings.position)
      }
      return nil
    }
    var output = EventOutputBlueprint(
      name: name?.string ?? found[0].0, target: target, position: settings.position)
    if let form = settings.choice("format", of: EventOutputBlueprint.Form.self) {
      output.form = form
    }
    if let only = settings.choice("events", of: EventOutputBlueprint.Selection.self) {
      output.selection = only
    }
    if let size = settings.size("queue", in: 0...1 << 40) { output.queueBytes = size }
    output.authorities = settings.path("authorities")
    for (key, value) in settings.pairs("headers") ?? [] {
      if key.string.utf8.allSatisfy(ASCII.isToken), !key.string.isEmpty {
        output.fields.append((key.string.lowercased(), value))
      } else {
        settings.refuse(key, "headers", expected: "names of fields")
      }
    }
    return output
  }

  private func fileTarget(_ settings: inout Settings) -> EventOutputBlueprint.Target? {
    guard let path = settings.path("file") else { return nil }
    var (size, keep) = (256 << 20, 7)
    if var rotate = settings.settings("rotate") {
      if let value = rotate.size("size", in: 64 * 1024...1 << 40) { size = value }
      if let value = rotate.integer("keep", in: 0...BlueprintReader.keepMax) { keep = value }
      rotate.finish()
    }
    return .file(path, rotateBytes: size, keep: keep)
  }

  private func webhookTarget(_ settings: inout Settings) -> EventOutputBlueprint.Target? {
    guard let url = url(&settings, "webhook") else { return nil }
    let secret = settings.text("secret")
    checkSecret(secret, "secret", settings)
    return .webhook(url, secret: secret)
  }

  private func syslogTarget(_ settings: inout Settings) -> EventOutputBlueprint.Target? {
    guard let text = settings.text("syslog") else { return nil }
    let lowered = text.string.lowercased()
    let isSecure = lowered.hasPrefix("tls://")
    let rest = isSecure || lowered.hasPrefix("tcp://") ? text.string.dropFirst(6) : ""
    guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]),
      port > 0, colon > rest.startIndex
    else {
      settings.refuse(text, "syslog", expected: "tcp://HOST:PORT or tls://HOST:PORT")
      return nil
    }
    let host = Text(
      String(rest[..<colon]).trimmingBrackets, at: text.position, isSecret: text.isSecret)
    return .syslog(host: host, port: port, isSecure: isSecure)
  }

  private func otlpTarget(_ settings: inout Settings) -> EventOutputBlueprint.Target? {
    guard let url = url(&settings, "otlp") else { return nil }
    let signals =
      settings.choices("signals", ["logs", "traces", "metrics"]) ?? ["logs", "traces"]
    var otlp = EventOutputBlueprint.OTLP(
      hasLogs: signals.contains("logs"), hasTraces: signals.contains("traces"))
    let interval = settings.duration("interval", in: 1000...3_600_000)
    if signals.contains("metrics") { otlp.metricsMilliseconds = interval ?? 60_000 }
    if let sample = settings.percent("sample") { otlp.sample = sample }
    return .otlp(url, otlp)
  }

  private func clickhouseTarget(_ settings: inout Settings) -> EventOutputBlueprint.Target? {
    guard let url = url(&settings, "clickhouse") else { return nil }
    let table = settings.text("table")
    let user = settings.text("user")
    let password = settings.text("password")
    checkSecret(password, "password", settings)
    if let table, !BlueprintReader.isName(table.string, besides: "._") {
      settings.refuse(table, "table", expected: "letters, digits and any of ._")
    }
    return .clickhouse(
      url, table: table?.string ?? "gatehouse_events", user: user, password: password)
  }

  private func kafkaTarget(_ settings: inout Settings) -> EventOutputBlueprint.Target? {
    guard let text = settings.text("kafka") else { return nil }
    let topic = settings.text("topic")
    let (user, password) = (settings.text("user"), settings.text("password"))
    checkSecret(password, "password", settings)
    let lowered = text.string.lowercased()
    let isSecure = lowered.hasPrefix("tls://")
    let rest = isSecure || lowered.hasPrefix("tcp://") ? text.string.dropFirst(6) : ""
    let brokers = rest.split(separator: ",", omittingEmptySubsequences: false)
    let isRight = brokers.allSatisfy { broker in
      guard let colon = broker.lastIndex(of: ":"), colon > broker.startIndex else { return false }
      let port = UInt16(broker[broker.index(after: colon)...]) ?? 0
      return port > 0 && broker.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F }
    }
    guard isRight else {
      settings.refuse(
        text, "kafka", expected: "tls://HOST:PORT,HOST:PORT or tcp://, with all brokers one knows")
      return nil
    }
    if (user == nil) != (password == nil) {
      settings.error(
        "'user' and 'password' go together", expected: "both", at: settings.position)
    }
    if let topic, !BlueprintReader.isName(topic.string, countMax: 249, besides: "._-") {
      settings.refuse(topic, "topic", expected: "letters, digits and any of ._-")
    }
    return .kafka(
      Text(String(rest), at: text.position, isSecret: text.isSecret),
      topic: topic?.string ?? "gatehouse-events", isSecure: isSecure, user: user,
      password: password)
  }

  private func url(_ settings: inout Settings, _ key: String) -> Text? {
    guard let text = settings.text(key) else { return nil }
    let lowered = text.string.lowercased()
    if lowered.hasPrefix("https://") || lowered.hasPrefix("http://") { return text }
    settings.refuse(text, key, expected: "a URL of http or https")
    return nil
  }

  /// A secret in plain text is in every copy of the file.
  private func checkSecret(_ text: Text?, _ key: String, _ settings: Settings) {
    if let text, !text.isSecret {
      settings.error(
        "'\(key)' stands here in plain text", expected: "${env:NAME} or ${file:PATH}",
        at: text.position)
    }
  }
}

extension String {
  /// An address of IPv6 without its brackets.
  fileprivate var trimmingBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
