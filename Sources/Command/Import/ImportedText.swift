import Base
import Formats

/// Writes a draft as a configuration file.
struct ImportedText {
  private var text = ""

  /// The file. `source` is what it was made of, for the comment at its begin.
  static func text(_ draft: ImportDraft, source: String) -> String {
    var made = ImportedText()
    made.text = """
      # Made by 'gatehouse import \(source)'. The report says what was changed or left out: read it
      # before this goes into service.
      listeners:
        - bind: 127.0.0.1:8080
      services:

      """
    for service in draft.services { made.add(service) }
    if !draft.consumers.isEmpty {
      made.text += "consumers:\n"
      for consumer in draft.consumers { made.add(consumer) }
    }
    return made.text
  }

  private mutating func add(_ service: ImportDraft.Service) {
    text += "  - name: \(ImportedText.quoted(service.name))\n"
    text += "    upstreams: \(ImportedText.list(service.upstreams))\n"
    for (key, value) in service.more { text += "    \(key): \(ImportedText.json(value))\n" }
    add(service.policies, indent: "    ")
    if service.routes.isEmpty { return }
    text += "    routes:\n"
    for route in service.routes { add(route) }
  }

  private mutating func add(_ route: ImportDraft.Route) {
    var lines: [String] = []
    if let name = route.name { lines.append("name: \(ImportedText.quoted(name))") }
    if !route.hosts.isEmpty { lines.append("hosts: \(ImportedText.list(route.hosts))") }
    let paths = route.paths.map { "{ \($0.kind): \(ImportedText.quoted($0.text)) }" }
    lines.append("paths: [\(paths.joined(separator: ", "))]")
    if !route.methods.isEmpty { lines.append("methods: \(ImportedText.list(route.methods))") }
    if !route.headers.isEmpty {
      let pairs = route.headers.map {
        "\(ImportedText.quoted($0.name)): \(ImportedText.quoted($0.value))"
      }
      lines.append("headers: { \(pairs.joined(separator: ", ")) }")
    }
    if route.stripsPrefix { lines.append("strip-prefix: true") }
    text += "      - \(lines[0])\n"
    for line in lines.dropFirst() { text += "        \(line)\n" }
    add(route.policies, indent: "        ")
  }

  private mutating func add(_ policies: [ImportDraft.Policy], indent: String) {
    if policies.isEmpty { return }
    text += "\(indent)policies:\n"
    for policy in policies {
      text += "\(indent)  - \(policy.name): \(ImportedText.json(policy.settings))\n"
    }
  }

  private mutating func add(_ consumer: ImportDraft.Consumer) {
    text += "  - name: \(ImportedText.quoted(consumer.name))\n"
    if !consumer.keyHashes.isEmpty {
      text += "    api-keys: \(ImportedText.list(consumer.keyHashes))\n"
    }
    if !consumer.groups.isEmpty { text += "    groups: \(ImportedText.list(consumer.groups))\n" }
  }

  private static func list(_ texts: [String]) -> String {
    "[\(texts.map(quoted).joined(separator: ", "))]"
  }

  /// JSON is YAML; what would be taken for a reference is not one.
  private static func json(_ value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.value(value)
    let buffer = writer.take()
    return String(decoding: buffer.storage[buffer.readIndex..<buffer.writeIndex], as: UTF8.self)
      .replacing("${", with: "$${")
  }

  private static func quoted(_ text: String) -> String { json(.string(text)) }
}
