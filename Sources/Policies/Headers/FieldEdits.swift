import Base
import Formats
import HTTP
import PolicyKit

/// The changes to one message's fields.
struct FieldEdits: Sendable {
  private struct Edit: Sendable {
    let name: [UInt8]
    let value: FieldTemplate
    let replaces: Bool
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
        guard let template = FieldEdits.template(value, &inner, kind) else { continue }
        edits.append(Edit(name: name, value: template, replaces: replaces))
      }
    }
    for given in inner.list("remove") ?? [] {
      if let name = FieldEdits.name(given, &inner, "remove") { removals.append(name) }
    }
    inner.finish()
  }

  private static func template(
    _ text: String, _ settings: inout Settings, _ key: String
  ) -> FieldTemplate? {
    do throws(FieldTemplate.Mistake) {
      return try FieldTemplate(text)
    } catch {
      let known = FieldTemplate.Capture.allCases.map(\.rawValue)
      switch error {
      case .unknown(let word):
        let nearest = Spelling.nearest(to: word, in: known).map { ", did you mean '{\($0)}'?" }
        settings.error(
          "'{\(word)}' captures nothing" + (nearest ?? ""),
          expected: nearest == nil ? "one of \(known.joined(separator: ", "))" : nil,
          at: settings.position(of: key))
      case .brace:
        settings.error(
          "a single brace", expected: "'{{' or '}}', or a capture such as '{consumer}'",
          at: settings.position(of: key))
      }
      return nil
    }
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

  /// Changes the request's fields.
  func apply(toRequest exchange: inout Exchange) {
    for name in removals { exchange.request.fields.remove(named: name.span) }
    for edit in edits {
      var value = ByteBuffer()
      edit.value.write(exchange, into: &value)
      FieldEdits.apply(edit, value.readable, to: &exchange.request.fields)
    }
  }

  /// Changes the response's fields.
  func apply(toResponse exchange: inout Exchange) {
    for name in removals { exchange.response.fields.remove(named: name.span) }
    for edit in edits {
      var value = ByteBuffer()
      edit.value.write(exchange, into: &value)
      FieldEdits.apply(edit, value.readable, to: &exchange.response.fields)
    }
  }

  private static func apply(_ edit: Edit, _ value: Span<UInt8>, to fields: inout Fields) {
    if edit.replaces { fields.remove(named: edit.name.span) }
    fields.append(name: edit.name.span, value: value)
  }
}
