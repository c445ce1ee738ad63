/// One parameter of an operation.
package struct Parameter: Hashable, Sendable {
  /// Where it is put.
  package enum Location: String, Hashable, Sendable { case path, query, header, cookie }

  package let name: String
  package let location: Location
  package let isRequired: Bool
  /// Its schema, references resolved.
  package let schema: JSONValue

  package init(_ name: String, _ location: Location, isRequired: Bool, schema: JSONValue) {
    self.name = name
    self.location = location
    self.isRequired = isRequired
    self.schema = schema
  }

  var type: String { schema["type"]?.string ?? schema["type"]?.elements.first?.string ?? "string" }

  /// Whether any text may stand in it.
  var isText: Bool { type == "string" && schema["enum"] == nil }
}
