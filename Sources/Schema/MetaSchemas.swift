import Formats

/// The schemas of schemas, which references may lead to without being given.
enum MetaSchemas {
  /// The one at an address without fragment; nil if there is none.
  static func document(_ address: String) -> JSONValue? {
    let text: String
    switch address {
    case "http://json-schema.org/draft-04/schema": text = draft4
    case "http://json-schema.org/draft-07/schema": text = draft7
    default:
      guard address.hasPrefix(draft2020Prefix),
        let known = draft2020[String(address.dropFirst(draft2020Prefix.count))]
      else { return nil }
      text = known
    }
    return try? JSONValue(parsing: text)
  }

  private static let draft4 = #"""
    {"id":"http://json-schema.org/draft-04/schema#",
    "$schema":"http://json-schema.org/draft-04/schema#",
    "definitions":{
      "count":{"type":"integer","minimum":0},
      "names":{"type":"array","items":{"type":"string"},"minItems":1,"uniqueItems":true},
      "schemas":{"type":"array","minItems":1,"items":{"$ref":"#"}},
      "map":{"type":"object","additionalProperties":{"$ref":"#"}},
      "orBoolean":{"anyOf":[{"type":"boolean"},{"$ref":"#"}]},
      "type":{"enum":["array","boolean","integer","null","number","object","string"]}},
    "type":"object",
    "properties":{
      "id":{"type":"string"},"$schema":{"type":"string"},"title":{"type":"string"},
      "description":{"type":"string"},"format":{"type":"string"},
      "multipleOf":{"type":"number","minimum":0,"exclusiveMinimum":true},
      "maximum":{"type":"number"},"exclusiveMaximum":{"type":"boolean"},
      "minimum":{"type":"number"},"exclusiveMinimum":{"type":"boolean"},
      "maxLength":{"$ref":"#/definitions/count"},"minLength":{"$ref":"#/definitions/count"},
      "pattern":{"type":"string","format":"regex"},
      "additionalItems":{"$ref":"#/definitions/orBoolean"},
      "items":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/schemas"}]},
      "maxItems":{"$ref":"#/definitions/count"},"minItems":{"$ref":"#/definitions/count"},
      "uniqueItems":{"type":"boolean"},
      "maxProperties":{"$ref":"#/definitions/count"},
      "minProperties":{"$ref":"#/definitions/count"},
      "required":{"$ref":"#/definitions/names"},
      "additionalProperties":{"$ref":"#/definitions/orBoolean"},
      "definitions":{"$ref":"#/definitions/map"},"properties":{"$ref":"#/definitions/map"},
      "patternProperties":{"$ref":"#/definitions/map"},
      "dependencies":{"type":"object",
        "additionalProperties":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/names"}]}},
      "enum":{"type":"array","minItems":1,"uniqueItems":true},
      "type":{"anyOf":[{"$ref":"#/definitions/type"},
        {"type":"array","items":{"$ref":"#/definitions/type"},"minItems":1,"uniqueItems":true}]},
      "allOf":{"$ref":"#/definitions/schemas"},"anyOf":{"$ref":"#/definitions/schemas"},
      "oneOf":{"$ref":"#/definitions/schemas"},"not":{"$ref":"#"}},
    "dependencies":{"exclusiveMaximum":["maximum"],"exclusiveMinimum":["minimum"]}}
    """#

  private static let draft7 = #"""
    {"$id":"http://json-schema.org/draft-07/schema#",
    "$schema":"http://json-schema.org/draft-07/schema#",
    "definitions":{
      "count":{"type":"integer","minimum":0},
      "names":{"type":"array","items":{"type":"string"},"uniqueItems":true},
      "schemas":{"type":"array","minItems":1,"items":{"$ref":"#"}},
      "map":{"type":"object","additionalProperties":{"$ref":"#"}},
      "type":{"enum":["array","boolean","integer","null","number","object","string"]}},
    "type":["object","boolean"],
    "properties":{
      "$id":{"type":"string","format":"uri-reference"},
      "$schema":{"type":"string","format":"uri"},
      "$ref":{"type":"string","format":"uri-reference"},"$comment":{"type":"string"},
      "title":{"type":"string"},"description":{"type":"string"},"format":{"type":"string"},
      "readOnly":{"type":"boolean"},"writeOnly":{"type":"boolean"},"examples":{"type":"array"},
      "contentMediaType":{"type":"string"},"contentEncoding":{"type":"string"},
      "multipleOf":{"type":"number","exclusiveMinimum":0},
      "maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},
      "minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},
      "maxLength":{"$ref":"#/definitions/count"},"minLength":{"$ref":"#/definitions/count"},
      "pattern":{"type":"string","format":"regex"},
      "additionalItems":{"$ref":"#"},
      "items":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/schemas"}]},
      "maxItems":{"$ref":"#/definitions/count"},"minItems":{"$ref":"#/definitions/count"},
      "uniqueItems":{"type":"boolean"},"contains":{"$ref":"#"},
      "maxProperties":{"$ref":"#/definitions/count"},
      "minProperties":{"$ref":"#/definitions/count"},
      "required":{"$ref":"#/definitions/names"},"additionalProperties":{"$ref":"#"},
      "definitions":{"$ref":"#/definitions/map"},"properties":{"$ref":"#/definitions/map"},
      "patternProperties":{"$ref":"#/definitions/map","propertyNames":{"format":"regex"}},
      "dependencies":{"type":"object",
        "additionalProperties":{"anyOf":[{"$ref":"#"},{"$ref":"#/definitions/names"}]}},
      "propertyNames":{"$ref":"#"},"enum":{"type":"array"},
      "type":{"anyOf":[{"$ref":"#/definitions/type"},
        {"type":"array","items":{"$ref":"#/definitions/type"},"minItems":1,"uniqueItems":true}]},
      "if":{"$ref":"#"},"then":{"$ref":"#"},"else":{"$ref":"#"},
      "allOf":{"$ref":"#/definitions/schemas"},"anyOf":{"$ref":"#/definitions/schemas"},
      "oneOf":{"$ref":"#/definitions/schemas"},"not":{"$ref":"#"}}}
    """#
}
