import Base
import Formats

/// The value that a part of a form stands for.
struct PartValue {
  private let name: [UInt8]
  private let text: [UInt8]
  /// Whether the text is JSON, and whether it is a file's, of which only the length counts.
  private let isJSON: Bool
  private let isFile: Bool

  init(_ part: RequestCheck.Part, _ declared: ContractContent, in content: Span<UInt8>) {
    name = part.head.name
    let shape = declared.shape.property(part.head.name)
    isFile = part.head.fileName != nil || shape.isBinary
    let written = part.head.contentType.map {
      String(decoding: ContractContent.essence($0.span), as: UTF8.self)
    }
    // An object has no other form (OpenAPI 3.1 §4.8.15).
    let isJSONByType = written.map { ContractContent.kind(of: $0) == .json } ?? shape.isObject
    isJSON = isJSONByType && !isFile
    var bytes: [UInt8] = []
    if isFile {
      bytes = [UInt8](repeating: UInt8(ascii: "x"), count: part.content.count)
    } else {
      bytes.reserveCapacity(part.content.count)
      for at in part.content { bytes.append(content[at]) }
    }
    text = bytes
  }

  /// An object of parts; those with one name are elements of an array. Nil if a text is no UTF-8.
  static func object(_ parts: [PartValue], _ shape: ValueShape, asText: Bool) -> [UInt8]? {
    var json = JSONWriter()
    json.beginObject()
    var places: [[UInt8]: [Int]] = [:]
    var order: [[UInt8]] = []
    for (place, part) in parts.enumerated() {
      if places[part.name] == nil { order.append(part.name) }
      places[part.name, default: []].append(place)
    }
    for name in order {
      guard let text = String(validating: name, as: UTF8.self) else { return nil }
      let own = shape.property(name)
      let values = places[name] ?? []
      json.key(escaping: text)
      // A JSON text may be the whole array.
      let isList = values.count > 1 || (own.isList && !parts[values[0]].isJSON)
      if isList { json.beginArray() }
      for place in values {
        let element = isList ? own.items.first ?? ValueShape() : own
        guard parts[place].write(element, asText: asText, to: &json) else { return nil }
      }
      if isList { json.endArray() }
    }
    json.endObject()
    return TextValue.bytes(&json)
  }

  private func write(_ shape: ValueShape, asText: Bool, to json: inout JSONWriter) -> Bool {
    if isJSON {
      guard let value = try? JSONValue(parsing: text, limits: .document) else { return false }
      json.value(value)
      return true
    }
    if isFile {
      json.string(text.span)
      return true
    }
    return TextValue.write(text, shape, asText: asText, to: &json)
  }
}
