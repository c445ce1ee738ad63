import Base
import Formats
import HTTP
import PolicyKit

/// The changes to one message's fields.
struct FieldEdits: Sendable {
  /// Whose fields are changed.
  enum Message: String { case request, response }

  private struct Edit: Sendable {
    let name: [UInt8]
    let value: FieldTemplate
    let replaces: Bool
  }

  private var edits: [Edit] = []
  private var removals: [[UInt8]] = []

  init(_ settings: inout Settings, _ message: Message, at site: PolicySite) {
    guard var inner = settings.settings(message.rawValue) else { return }
    for (kind, replaces) in [("set", true), ("add", false)] {
      for pair in inner.pairs(kind) ?? [] {
        let text = pair.key.string.lowercased()
        guard let name = FieldEdits.name(pair.key, inner),
          FieldEdits.isSafeCookie(pair.key, replaces: replaces, message, inner),
          let value = FieldTemplate(pair.value, field: text, in: inner, at: site)
        else { continue }
        edits.append(Edit(name: name, value: value, replaces: replaces))
      }
    }
    for given in inner.texts("remove") ?? [] {
      if let name = FieldEdits.name(given, inner) { removals.append(name) }
    }
    inner.finish()
  }

  /// A name that may be changed: framing, routing and identity are not this policy's.
  private static func name(_ text: Text, _ settings: Settings) -> [UInt8]? {
    let lower = text.string.lowercased()
    let name = Array(lower.utf8)
    let id = FieldName(name.span)
    let isOurs =
      id.isHopByHop || id == .host || id == .contentLength || id == .forwarded
      || ["x-consumer-", "x-user-", "x-forwarded-"].contains { lower.hasPrefix($0) }
    if name.isEmpty || !name.allSatisfy(ASCII.isToken) || isOurs {
      settings.error("the field '\(text.string)' cannot be changed here", at: text.position)
      return nil
    }
    return name
  }

  /// A request has one `Cookie` field at most (RFC 6265 §5.4), and cookies are set by responses.
  private static func isSafeCookie(
    _ name: Text, replaces: Bool, _ message: Message, _ settings: Settings
  ) -> Bool {
    let lower = name.string.lowercased()
    if lower == "cookie", message == .response || !replaces {
      settings.error(
        "'cookie' can only be set, in requests", expected: "'set' below 'request'",
        at: name.position)
      return false
    }
    if lower == "set-cookie", message == .request {
      settings.error(
        "'set-cookie' is a field of responses", expected: "'add' below 'response'",
        at: name.position)
      return false
    }
    return true
  }

  func applyToRequest(_ exchange: inout Exchange) {
    for name in removals { exchange.request.fields.remove(named: name.span) }
    for index in edits.indices {
      let value = edits[index].value.render(&exchange)
      let name = edits[index].name
      if edits[index].replaces { exchange.request.fields.remove(named: name.span) }
      let stored = exchange.request.fields.store(name.span)
      exchange.request.fields.lines.append(
        FieldLine(name: stored, value: value, id: FieldName(name.span)))
    }
  }

  func applyToResponse(_ exchange: inout Exchange) {
    for name in removals { exchange.response.fields.remove(named: name.span) }
    for index in edits.indices {
      let value = edits[index].value.render(&exchange)
      let name = edits[index].name
      if edits[index].replaces { exchange.response.fields.remove(named: name.span) }
      FieldEdits.copy(value, of: exchange.request.fields, name, &exchange.response.fields)
    }
  }

  private static func copy(
    _ value: Slice, of source: borrowing Fields, _ name: [UInt8], _ target: inout Fields
  ) {
    target.append(name: name.span, value: source[value])
  }
}
