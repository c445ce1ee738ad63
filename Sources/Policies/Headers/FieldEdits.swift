import Base
import Formats
import HTTP
import PolicyKit

/// The changes to one message's fields.
struct FieldEdits: Sendable {
  private struct Edit: Sendable {
    let name: [UInt8]
    let value: [UInt8]
    let replaces: Bool
    /// Whether the value is the consumer's name, written `{consumer}`.
    let isConsumer: Bool
  }

  private var edits: [Edit] = []
  private var removals: [[UInt8]] = []

  init(_ settings: inout Settings, _ key: String) {
    guard var inner = settings.settings(key) else { return }
    for (kind, replaces) in [("set", true), ("add", false)] {
      for pair in inner.pairs(kind) ?? [] {
        guard let name = FieldEdits.name(pair.key.string, &inner, kind) else { continue }
        let value = pair.value.string
        if !value.utf8.allSatisfy(ASCII.isFieldValue) {
          inner.error("a field's value holds a control character", at: inner.position(of: kind))
        }
        edits.append(
          Edit(
            name: name, value: Array(value.utf8), replaces: replaces,
            isConsumer: value == "{consumer}"))
      }
    }
    for given in inner.list("remove") ?? [] {
      if let name = FieldEdits.name(given, &inner, "remove") { removals.append(name) }
    }
    inner.finish()
  }

  /// A name that may be changed: framing, routing and identity are not this policy's.
  private static func name(_ text: String, _ settings: inout Settings, _ key: String) -> [UInt8]? {
    let name = Array(text.lowercased().utf8)
    let id = FieldName(name.span)
    let isOurs =
      id.isHopByHop || id == .host || id == .contentLength
      || text.lowercased().hasPrefix("x-consumer-")
      || text.lowercased().hasPrefix("x-forwarded-")
    if name.isEmpty || !name.allSatisfy(ASCII.isToken) || isOurs {
      settings.error(
        "the field '\(text)' cannot be changed here", at: settings.position(of: key))
      return nil
    }
    return name
  }

  func apply(to fields: inout Fields, _ consumer: Consumer?) {
    for name in removals { fields.remove(named: name.span) }
    for index in edits.indices {
      let edit = edits[index]
      if edit.replaces { fields.remove(named: edit.name.span) }
      if edit.isConsumer {
        let name = consumer?.nameBytes ?? []
        fields.append(name: edit.name.span, value: name.span)
      } else {
        fields.append(name: edit.name.span, value: edit.value.span)
      }
    }
  }
}
