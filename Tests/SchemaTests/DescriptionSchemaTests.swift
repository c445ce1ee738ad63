import Formats
import Testing

@testable import Schema

/// What descriptions of APIs ask of schemas beyond JSON Schema.
@Suite struct DescriptionSchemaTests {
  private static func rules(
    _ schema: String, _ text: String, dialect: SchemaDialect = .draft2020, closes: Bool = false,
    direction: SchemaDirection = .none
  ) throws -> [String] {
    var settings = JSONSchema.Settings()
    settings.dialect = dialect
    settings.closesObjects = closes
    settings.direction = direction
    settings.readsDiscriminators = true
    let compiled = try JSONSchema(try JSONValue(parsing: schema), settings: settings)
    var tape = JSONTape()
    try tape.read(text.utf8.span)
    let found = compiled.violations(tape, of: text.utf8.span)
    #expect(compiled.accepts(tape, of: text.utf8.span) == found.isEmpty)
    return found.map { "\($0.pointer) \($0.rule)" }
  }

  private static let parts = ##"""
    {"components":{"schemas":{
      "base":{"properties":{"id":{"type":"integer"}}},
      "more":{"properties":{"inner":{"properties":{"a":{}}}}}}},
    "allOf":[{"$ref":"#/components/schemas/base"},{"$ref":"#/components/schemas/more"}]}
    """##

  @Test(arguments: [
    (#"{"properties":{"a":{}}}"#, #"{"b":1}"#, ["/b additionalProperties"]),
    (#"{"properties":{"a":{}}}"#, #"{"a":1}"#, []),
    (#"{"properties":{"a":{}},"additionalProperties":true}"#, #"{"b":1}"#, []),
    (#"{"type":"object"}"#, #"{"b":1}"#, []),
    (#"{"properties":{"a":{}},"patternProperties":{"^x-":{}}}"#, #"{"x-1":1}"#, []),
    (#"{"items":{"properties":{"a":{}}}}"#, #"[{"b":1}]"#, ["/0/b additionalProperties"]),
    (parts, #"{"id":1,"inner":{"a":1}}"#, []),
    (parts, #"{"id":1,"odd":1}"#, ["/odd unevaluatedProperties"]),
    (parts, #"{"inner":{"b":1}}"#, ["/inner/b additionalProperties", " allOf"]),
    (
      #"{"not":{"properties":{"a":{"properties":{"b":{}}}},"required":["a"]}}"#,
      #"{"a":{"c":1}}"#, [" not"]
    ),
  ])
  func `Members that are not described can be told, wherever the schema stands`(
    schema: String, text: String, rules: [String]
  ) throws {
    let found = try DescriptionSchemaTests.rules(schema, text, closes: true)
    #expect(found == rules || (!rules.isEmpty && found.first == rules.first))
    if rules != [" not"] {
      #expect(try DescriptionSchemaTests.rules(schema, text) == [])
    }
  }

  @Test func `A reference that stands alone is closed as well`() throws {
    let schema = ##"{"$ref":"#/d","d":{"properties":{"a":{}}}}"##
    #expect(
      try DescriptionSchemaTests.rules(schema, #"{"b":1}"#, dialect: .openAPI30, closes: true)
        == ["/b unevaluatedProperties"])
  }

  private static let pets = ##"""
    {"oneOf":[{"$ref":"#/$defs/Cat"},{"$ref":"#/$defs/Dog"}],
    "discriminator":{"propertyName":"kind","mapping":{"woof":"#/$defs/Dog"}},
    "$defs":{"Cat":{"required":["claws"]},"Dog":{"properties":{"bark":{"type":"string"}}}}}
    """##

  @Test(arguments: [
    (#"{"kind":"Cat","claws":1}"#, []), (#"{"kind":"woof","claws":1,"bark":""}"#, []),
    (#"{"kind":"Cat"}"#, [" required"]), (#"{"kind":"Dog","bark":1}"#, ["/bark type"]),
    (#"{"kind":"Bird"}"#, ["/kind discriminator"]), (#"{"kind":1}"#, ["/kind discriminator"]),
    ("{}", [" discriminator"]), (#"{"k\u0069nd":"Cat","claws":1}"#, []),
  ])
  func `A discriminator chooses the form, and its faults are told`(
    text: String, rules: [String]
  ) throws {
    #expect(try DescriptionSchemaTests.rules(DescriptionSchemaTests.pets, text) == rules)
  }

  @Test func `What belongs to one way alone is refused the other way, and never required`() throws {
    let schema = """
      {"required":["r","w"],"properties":{"r":{"readOnly":true},"w":{"writeOnly":true}}}
      """
    let cases: [(SchemaDirection, String, [String])] = [
      (.request, #"{"w":1}"#, []), (.request, #"{"r":1,"w":1}"#, [" readOnly"]),
      (.response, #"{"r":1}"#, []), (.response, #"{"r":1,"w":1}"#, [" writeOnly"]),
      (.response, "{}", [" required"]), (.none, #"{"r":1,"w":1}"#, []),
    ]
    for (direction, text, rules) in cases {
      #expect(try DescriptionSchemaTests.rules(schema, text, direction: direction) == rules)
    }
  }
}
