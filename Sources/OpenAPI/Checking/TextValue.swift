import Base
import Formats

/// A value that came as text, made JSON by what its schema expects.
///
/// Delimiters count after percent-encoding is undone, as most servers read them.
struct TextValue {
  let values: [[UInt8]]
  let parameter: ContractParameter

  /// The JSON text; nil if the text is no UTF-8 or has not the form that the style asks for.
  func json(_ shape: ValueShape, asText: Bool) -> [UInt8]? {
    var json = JSONWriter()
    if shape.isList {
      guard let parts else { return nil }
      json.beginArray()
      for part in parts {
        guard
          TextValue.write(part, shape.items.first ?? ValueShape(), asText: asText, to: &json)
        else { return nil }
      }
      json.endArray()
    } else if shape.isObject {
      guard let members else { return nil }
      return TextValue.object(members, shape, [], asText: asText)
    } else {
      guard let text = plain(values[0]),
        TextValue.write(text, shape, asText: asText, to: &json)
      else { return nil }
    }
    return TextValue.bytes(&json)
  }

  /// The text without what the style puts before it (OpenAPI 3.1 §4.8.12.3, RFC 6570 §3.2.5, 7).
  private func plain(_ text: [UInt8]) -> [UInt8]? {
    switch parameter.style {
    case .label:
      return text.first == UInt8(ascii: ".") ? Array(text.dropFirst()) : nil
    case .matrix:
      let lead = Array(";\(parameter.name)=".utf8)
      return text.starts(with: lead) ? Array(text.dropFirst(lead.count)) : nil
    default: return text
    }
  }

  private var delimiter: UInt8 {
    switch parameter.style {
    case .spaceDelimited: 0x20
    case .pipeDelimited: UInt8(ascii: "|")
    default: UInt8(ascii: ",")
    }
  }

  private static func split(_ text: [UInt8], _ byte: UInt8) -> [[UInt8]] {
    text.isEmpty
      ? [] : text.split(separator: byte, omittingEmptySubsequences: false).map(Array.init)
  }

  /// The elements of an array.
  private var parts: [[UInt8]]? {
    if parameter.place == .query, parameter.isExploded { return values }
    if parameter.isExploded, parameter.style == .matrix {
      let lead = Array("\(parameter.name)=".utf8)
      let pieces = TextValue.split(values[0], UInt8(ascii: ";")).dropFirst()
      guard pieces.allSatisfy({ $0.starts(with: lead) }) else { return nil }
      return pieces.map { Array($0.dropFirst(lead.count)) }
    }
    guard let text = plain(values[0]) else { return nil }
    if parameter.isExploded, parameter.style == .label {
      return TextValue.split(text, UInt8(ascii: "."))
    }
    let parts = TextValue.split(text, delimiter)
    guard parameter.place == .header else { return parts }
    return parts.map { Array($0.drop { $0 == 0x20 }) }
  }

  /// The members of an object.
  private var members: [(name: [UInt8], value: [UInt8])]? {
    let pieces: [[UInt8]]
    if parameter.isExploded {
      let byte: UInt8 =
        parameter.style == .label
        ? UInt8(ascii: ".") : parameter.style == .matrix ? UInt8(ascii: ";") : UInt8(ascii: ",")
      let text = parameter.style == .simple ? values[0] : Array(values[0].dropFirst())
      var found: [(name: [UInt8], value: [UInt8])] = []
      for piece in TextValue.split(text, byte) {
        guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        found.append((Array(piece[..<equals]), Array(piece[(equals + 1)...])))
      }
      return found
    }
    guard let text = plain(values[0]) else { return nil }
    pieces = TextValue.split(text, delimiter)
    guard pieces.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: pieces.count, by: 2).map { (pieces[$0], pieces[$0 + 1]) }
  }

  /// An object of these members; those that come again are elements of arrays.
  static func object(
    _ members: [(name: [UInt8], value: [UInt8])], _ shape: ValueShape,
    _ separators: [(name: [UInt8], byte: UInt8)], asText: Bool
  ) -> [UInt8]? {
    var json = JSONWriter()
    json.beginObject()
    var done: Set<[UInt8]> = []
    for member in members where done.insert(member.name).inserted {
      guard let name = String(validating: member.name, as: UTF8.self) else { return nil }
      let own = shape.property(member.name)
      var values = members.filter { $0.name == member.name }.map(\.value)
      if let separator = separators.first(where: { $0.name == member.name }), own.isList,
        values.count == 1
      {
        values = split(values[0], separator.byte)
      }
      json.key(escaping: name)
      if own.isList || values.count > 1 {
        json.beginArray()
        for value in values {
          guard write(value, own.items.first ?? ValueShape(), asText: asText, to: &json) else {
            return nil
          }
        }
        json.endArray()
      } else if !write(values[0], own, asText: asText, to: &json) {
        return nil
      }
    }
    json.endObject()
    return bytes(&json)
  }

  /// Writes a single value: a number, truth value or null where the schema expects one and the text
  /// is one, else a string. False if the text is no UTF-8.
  static func write(
    _ text: [UInt8], _ shape: ValueShape, asText: Bool, to json: inout JSONWriter
  ) -> Bool {
    guard let string = String(validating: text, as: UTF8.self) else { return false }
    if !asText || !shape.kinds.contains(.text) {
      if shape.kinds.contains(.number), let number = number(text) {
        json.number(number)
        return true
      }
      if shape.kinds.contains(.boolean), string == "true" || string == "false" {
        json.boolean(string == "true")
        return true
      }
      if shape.kinds.contains(.null), string == "null" || string.isEmpty {
        json.null()
        return true
      }
    }
    json.string(text.span)
    return true
  }

  /// The number that a text says in JSON's form (RFC 8259 §6); nil if it is none.
  private static func number(_ text: [UInt8]) -> JSONNumber? {
    guard let first = text.first, first == UInt8(ascii: "-") || ASCII.isDigit(first) else {
      return nil
    }
    var scanner = JSONScanner()
    guard (try? scanner.check(text.span)) != nil else { return nil }
    // Spaces around it are none of the number's.
    guard let last = text.last, ASCII.isDigit(last) else { return nil }
    return JSONNumber(text: text.span)
  }

  static func bytes(_ json: inout JSONWriter) -> [UInt8] {
    let buffer = json.take()
    return Array(buffer.storage[buffer.readIndex..<buffer.writeIndex])
  }
}
