import Schema

/// One parameter of an operation.
struct ContractParameter: Sendable {
  enum Place: String, Sendable { case path, query, header, cookie }

  /// How arrays and objects are written (OpenAPI 3.1 §4.8.12.3).
  enum Style: String, Sendable {
    case simple, label, matrix, form, spaceDelimited, pipeDelimited, deepObject
  }

  let place: Place
  let name: String
  /// As it is looked for; a header's in lower case.
  let nameBytes: [UInt8]
  /// Which of the path's parameters it is.
  let capture: Int
  let isRequired: Bool
  let allowsEmpty: Bool
  let style: Style
  let isExploded: Bool
  /// Whether the value is a JSON text.
  let isJSON: Bool
  let shape: ValueShape
  let schema: JSONSchema?
}
