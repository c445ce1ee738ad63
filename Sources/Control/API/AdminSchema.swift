import Formats

/// JSON Schemas of what the admin API takes, for its description.
enum AdminSchema {
  static let name: JSONValue = [
    "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._@:/+-]+$",
  ]
  static let names: JSONValue = ["type": "array", "items": name, "maxItems": 256]
  static let text: JSONValue = ["type": "string", "maxLength": 1024]
  static let boolean: JSONValue = ["type": "boolean"]
  static let labels: JSONValue = [
    "type": "object", "additionalProperties": ["type": "string", "maxLength": 1024],
    "maxProperties": 64,
  ]
  static let time: JSONValue = ["type": "string", "format": "date-time"]
  static let duration: JSONValue = ["type": "string", "pattern": "^[0-9]+(ms|s|m|h|d)$"]
  static let password: JSONValue = ["type": "string", "minLength": 15, "maxLength": 1024]
  static func words(_ words: [String]) -> JSONValue {
    ["type": "string", "enum": .array(words.map { .string($0) })]
  }
}
