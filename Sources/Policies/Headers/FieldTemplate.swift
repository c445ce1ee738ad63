import Base
import Formats
import HTTP
import PolicyKit

/// A field's value as it is configured: text, and captures such as `{consumer}` in it.
///
/// Whatever a capture stands for, it stays one value: a byte that no field may hold comes out
/// percent-encoded, and in a cookie also one that ends or begins something there.
struct FieldTemplate: Sendable {
  private enum Part: Sendable {
    case text([UInt8])
    case capture(FieldCapture)
  }

  private let parts: [Part]
  private let isCookie: Bool

  /// Compiles a value for the field called `name`, in lower case; reports what is wrong with it.
  init?(_ value: Text, field name: String, in settings: Settings, at site: PolicySite) {
    guard value.string.utf8.allSatisfy(ASCII.isFieldValue) else {
      settings.error("a field's value holds a control character", at: value.position)
      return nil
    }
    guard let split = FieldTemplate.split(value.string) else {
      settings.error(
        "a brace without its partner", expected: "'{{' and '}}' for the braces themselves",
        at: value.position)
      return nil
    }
    var parts: [Part] = []
    for (text, isCapture) in split {
      guard isCapture else {
        parts.append(.text(Array(text.utf8)))
        continue
      }
      guard let capture = FieldCapture(text, at: site) else {
        let names = FieldCapture.names(at: site)
        settings.diagnostics.refuse(
          "unknown capture", Text(text, at: value.position), among: names)
        return nil
      }
      if case .host = capture, name == "location" {
        settings.error(
          "'{host}' in 'location': a client would choose where it leads",
          expected: "the name of the host", at: value.position)
        return nil
      }
      parts.append(.capture(capture))
    }
    self.parts = parts
    isCookie = name == "cookie" || name == "set-cookie"
  }

  /// Text and captures in turn; nil if a brace stands alone.
  private static func split(_ value: String) -> [(text: String, isCapture: Bool)]? {
    var found: [(String, Bool)] = []
    var text = ""
    var rest = value[...]
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        text.append(character)
        rest.removeFirst()
      case "}": return nil
      case "{":
        guard let end = rest.firstIndex(where: { $0 == "}" || $0 == "{" }), rest[end] == "}" else {
          return nil
        }
        if !text.isEmpty { found.append((text, false)) }
        text = ""
        found.append((String(rest[..<end]), true))
        rest = rest[rest.index(after: end)...]
      default: text.append(character)
      }
    }
    if !text.isEmpty { found.append((text, false)) }
    return found
  }

  /// Writes the value into the request's arena, from which it may be copied.
  func render(_ exchange: inout Exchange) -> Slice {
    let start = exchange.request.fields.arena.count
    for index in parts.indices {
      switch parts[index] {
      case .text(let bytes): _ = exchange.request.fields.store(bytes.span)
      case .capture(let capture):
        let from = exchange.request.fields.arena.count
        capture.append(to: &exchange)
        clean(&exchange.request.fields, from: from)
      }
    }
    return Slice(offset: start, count: exchange.request.fields.arena.count - start)
  }

  /// Encodes what a capture brought and the field may not hold; nearly always there is nothing.
  private func clean(_ fields: inout Fields, from start: Int) {
    var at = start
    while at < fields.arena.count, isAllowed(fields.arena[at]) { at += 1 }
    if at == fields.arena.count { return }
    let rest = Array(fields.arena[at...])
    fields.arena.removeLast(rest.count)
    for byte in rest {
      if isAllowed(byte) {
        fields.arena.append(byte)
      } else {
        fields.arena += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
      }
    }
  }

  /// RFC 6265 §4.1.1 `cookie-octet` in cookies, else any byte of a field's value.
  private func isAllowed(_ byte: UInt8) -> Bool {
    if !isCookie { return ASCII.isFieldValue(byte) }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\\"): return false
    default: return byte > 0x20 && byte < 0x7F
    }
  }

  private func digit(_ nibble: UInt8) -> UInt8 { nibble + (nibble < 10 ? 0x30 : 0x37) }
}
