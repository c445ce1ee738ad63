import Formats

/// A JSON value (RFC 8259), for the few bodies that the demo reads and writes.
enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([(name: String, value: JSONValue)])

  /// The value in `bytes`; nil if they are anything but one JSON value of reasonable depth.
  init?(_ bytes: [UInt8]) {
    var limits = JSONIndex.Limits()
    limits.depthMax = 17
    guard let index = try? JSONIndex(bytes, limits: limits) else { return nil }
    self.init(index.root)
  }

  private init(_ element: JSONElement) {
    switch element.kind {
    case .object:
      self = .object(
        element.members.map { (name: $0.name, value: JSONValue($0.value)) })
    case .array: self = .array(element.elements.map { JSONValue($0) })
    case .string: self = .text(element.string ?? "")
    case .boolean: self = .boolean(element.boolean ?? false)
    case .null: self = .null
    case .number:
      self = element.integer.map { .integer(Int($0)) } ?? .number(element.number ?? .infinity)
    }
  }

  /// The member `name` of an object; nil if there is none.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The value as JSON on one line.
  var text: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? String(value) : "null"
    case .text(let value): JSONValue.quoted(value)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { JSONValue.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",")
        + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
