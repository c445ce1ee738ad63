/// The meta-schemas of 2020-12, one for each of its vocabularies.
extension MetaSchemas {
  static let draft2020Prefix = "https://json-schema.org/draft/2020-12/"

  /// By address, without what they have in common.
  static let draft2020: [String: String] = [
    "schema": #"""
    {"$id":"https://json-schema.org/draft/2020-12/schema",
    "$schema":"https://json-schema.org/draft/2020-12/schema","$dynamicAnchor":"meta",
    "type":["object","boolean"],
    "allOf":[{"$ref":"meta/core"},{"$ref":"meta/applicator"},{"$ref":"meta/unevaluated"},
      {"$ref":"meta/validation"},{"$ref":"meta/meta-data"},{"$ref":"meta/format-annotation"},
      {"$ref":"meta/content"}],
    "properties":{"definitions":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"}},
      "dependencies":{"type":"object","additionalProperties":{"anyOf":[{"$dynamicRef":"#meta"},
        {"$ref":"meta/validation#/$defs/names"}]}}}}
    """#,
    "meta/core": #"""
    {"$id":"https://json-schema.org/draft/2020-12/meta/core","$dynamicAnchor":"meta",
    "$schema":"https://json-schema.org/draft/2020-12/schema","type":["object","boolean"],
    "properties":{
      "$id":{"type":"string","format":"uri-reference","pattern":"^[^#]*#?$"},
      "$schema":{"type":"string","format":"uri"},
      "$ref":{"type":"string","format":"uri-reference"},"$anchor":{"$ref":"#/$defs/anchor"},
      "$dynamicRef":{"type":"string","format":"uri-reference"},
      "$dynamicAnchor":{"$ref":"#/$defs/anchor"},
      "$vocabulary":{"type":"object","additionalProperties":{"type":"boolean"}},
      "$comment":{"type":"string"},
      "$defs":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"}}},
    "$defs":{"anchor":{"type":"string","pattern":"^[A-Za-z_][-A-Za-z0-9._]*$"}}}
    """#,
    "meta/applicator": #"""
    {"$id":"https://json-schema.org/draft/2020-12/meta/applicator","$dynamicAnchor":"meta",
    "$schema":"https://json-schema.org/draft/2020-12/schema","type":["object","boolean"],
    "properties":{
      "prefixItems":{"$ref":"#/$defs/schemas"},"items":{"$dynamicRef":"#meta"},
      "contains":{"$dynamicRef":"#meta"},"additionalProperties":{"$dynamicRef":"#meta"},
      "properties":{"$ref":"#/$defs/map"},"patternProperties":{"$ref":"#/$defs/map"},
      "dependentSchemas":{"$ref":"#/$defs/map"},"propertyNames":{"$dynamicRef":"#meta"},
      "if":{"$dynamicRef":"#meta"},"then":{"$dynamicRef":"#meta"},
      "else":{"$dynamicRef":"#meta"},"not":{"$dynamicRef":"#meta"},
      "allOf":{"$ref":"#/$defs/schemas"},"anyOf":{"$ref":"#/$defs/schemas"},
      "oneOf":{"$ref":"#/$defs/schemas"}},
    "$defs":{"schemas":{"type":"array","minItems":1,"items":{"$dynamicRef":"#meta"}},
      "map":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"}}}}
    """#,
    "meta/unevaluated": #"""
    {"$id":"https://json-schema.org/draft/2020-12/meta/unevaluated","$dynamicAnchor":"meta",
    "$schema":"https://json-schema.org/draft/2020-12/schema","type":["object","boolean"],
    "properties":{"unevaluatedItems":{"$dynamicRef":"#meta"},
      "unevaluatedProperties":{"$dynamicRef":"#meta"}}}
    """#,
    "meta/validation": #"""
    {"$id":"https://json-schema.org/draft/2020-12/meta/validation","$dynamicAnchor":"meta",
    "$schema":"https://json-schema.org/draft/2020-12/schema","type":["object","boolean"],
    "properties":{
      "type":{"anyOf":[{"$ref":"#/$defs/type"},
        {"type":"array","items":{"$ref":"#/$defs/type"},"minItems":1,"uniqueItems":true}]},
      "enum":{"type":"array"},"multipleOf":{"type":"number","exclusiveMinimum":0},
      "maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},
      "minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},
      "maxLength":{"$ref":"#/$defs/count"},"minLength":{"$ref":"#/$defs/count"},
      "pattern":{"type":"string","format":"regex"},
      "maxItems":{"$ref":"#/$defs/count"},"minItems":{"$ref":"#/$defs/count"},
      "uniqueItems":{"type":"boolean"},"maxContains":{"$ref":"#/$defs/count"},
      "minContains":{"$ref":"#/$defs/count"},"maxProperties":{"$ref":"#/$defs/count"},
      "minProperties":{"$ref":"#/$defs/count"},"required":{"$ref":"#/$defs/names"},
      "dependentRequired":{"type":"object","additionalProperties":{"$ref":"#/$defs/names"}}},
    "$defs":{"count":{"type":"integer","minimum":0},
      "names":{"type":"array","items":{"type":"string"},"uniqueItems":true},
      "type":{"enum":["array","boolean","integer","null","number","object","string"]}}}
    """#,
    "meta/meta-data": #"""
    {"$id":"https://json-schema.org/draft/2020-12/meta/meta-data","$dynamicAnchor":"meta",
    "$schema":"https://json-schema.org/draft/2020-12/schema","type":["object","boolean"],
    "properties":{"title":{"type":"string"},"description":{"type":"string"},
      "deprecated":{"type":"boolean"},"readOnly":{"type":"boolean"},
      "writeOnly":{"type":"boolean"},"examples":{"type":"array"}}}
    """#,
    "meta/format-annotation": #"""
    {"$id":"https://json-schema.org/draft/2020-12/meta/format-annotation",
    "$schema":"https://json-schema.org/draft/2020-12/schema","$dynamicAnchor":"meta",
    "type":["object","boolean"],"properties":{"format":{"type":"string"}}}
    """#,
    "meta/content": #"""
    {"$id":"https://json-schema.org/draft/2020-12/meta/content","$dynamicAnchor":"meta",
    "$schema":"https://json-schema.org/draft/2020-12/schema","type":["object","boolean"],
    "properties":{"contentEncoding":{"type":"string"},"contentMediaType":{"type":"string"},
      "contentSchema":{"$dynamicRef":"#meta"}}}
    """#,
  ]
}
