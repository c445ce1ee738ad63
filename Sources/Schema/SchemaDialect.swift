/// Which rules a schema is written by.
public struct SchemaDialect: Hashable, Sendable {
  /// The drafts whose words differ.
  public enum Draft: UInt8, Hashable, Sendable, CaseIterable {
    case openAPI30, draft4, draft7, draft2020
  }

  /// The draft.
  public let draft: Draft
  /// Whether words that check values count; a meta-schema may leave them out
  /// (JSON Schema 2020-12 §8.1.2).
  let checksValues: Bool

  init(_ draft: Draft, checksValues: Bool = true) {
    self.draft = draft
    self.checksValues = checksValues
  }

  /// JSON Schema 2020-12, which OpenAPI 3.1 has as well.
  public static let draft2020 = SchemaDialect(.draft2020)
  /// JSON Schema draft 7.
  public static let draft7 = SchemaDialect(.draft7)
  /// JSON Schema draft 4.
  public static let draft4 = SchemaDialect(.draft4)
  /// The schemas of OpenAPI 3.0.
  public static let openAPI30 = SchemaDialect(.openAPI30)

  /// The dialect whose meta-schema has this address; nil for others'.
  public init?(address: String) {
    let plain = address.hasSuffix("#") ? String(address.dropLast()) : address
    switch plain {
    case "https://json-schema.org/draft/2020-12/schema": self = .draft2020
    case "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft-07/schema":
      self = .draft7
    case "http://json-schema.org/draft-04/schema", "https://json-schema.org/draft-04/schema":
      self = .draft4
    // OpenAPI's own dialects are 2020-12 with words that are remarks (OpenAPI 3.1 §4.8.24.3).
    case _ where plain.hasPrefix("https://spec.openapis.org/oas/3."): self = .draft2020
    default: return nil
    }
  }

  /// The word that gives a schema its address; none in OpenAPI 3.0.
  var idWord: String? {
    switch draft {
    case .openAPI30: nil
    case .draft4: "id"
    case .draft7, .draft2020: "$id"
    }
  }

  /// Whether a reference makes whatever stands beside it void.
  var referenceStandsAlone: Bool { draft != .draft2020 }

  /// Words whose value is a schema.
  var schemaWords: [String] {
    switch draft {
    case .openAPI30: ["not", "items", "additionalProperties"]
    case .draft4: ["not", "items", "additionalItems", "additionalProperties"]
    case .draft7:
      [
        "not", "items", "additionalItems", "additionalProperties", "contains", "propertyNames",
        "if", "then", "else",
      ]
    case .draft2020:
      [
        "not", "items", "additionalProperties", "contains", "propertyNames", "if", "then", "else",
        "unevaluatedItems", "unevaluatedProperties", "contentSchema",
      ]
    }
  }

  /// Words whose value is an array of schemas.
  var arrayWords: [String] {
    switch draft {
    case .openAPI30: ["allOf", "anyOf", "oneOf"]
    case .draft4, .draft7: ["allOf", "anyOf", "oneOf", "items"]
    case .draft2020: ["allOf", "anyOf", "oneOf", "prefixItems"]
    }
  }

  /// Words whose value is an object of schemas.
  var mapWords: [String] {
    switch draft {
    case .openAPI30: ["properties"]
    case .draft4, .draft7: ["properties", "patternProperties", "definitions", "dependencies"]
    case .draft2020:
      ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]
    }
  }
}
