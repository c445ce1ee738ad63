import Base
import Schema

/// One kind of content that an operation takes.
struct ContractContent: Sendable {
  enum Kind: Sendable { case json, form, other }

  /// The media type or range, in lower case, without parameters.
  let type: [UInt8]
  let kind: Kind
  let schema: JSONSchema?
  let shape: ValueShape
  /// Members of a form whose arrays stand in one pair, between these bytes.
  let separators: [(name: [UInt8], byte: UInt8)]

  static func kind(of type: String) -> Kind {
    if type == "application/json" || type == "text/json" || type.hasSuffix("+json") {
      return .json
    }
    return type == "application/x-www-form-urlencoded" ? .form : .other
  }

  /// The media type of a field's value: lower case, without parameters.
  static func essence(_ value: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    for at in value.indices {
      if value[at] == UInt8(ascii: ";") { break }
      bytes.append(ASCII.lowercased(value[at]))
    }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return bytes
  }

  /// How well it fits: 0 not at all, 1 as `*/*`, 2 as `type/*`, 3 exactly.
  func fit(_ essence: [UInt8]) -> Int {
    if type == essence { return 3 }
    if type == Array("*/*".utf8) { return 1 }
    guard type.count > 2, type.suffix(2).elementsEqual("/*".utf8) else { return 0 }
    return essence.starts(with: type.dropLast()) ? 2 : 0
  }
}
