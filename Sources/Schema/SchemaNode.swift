import Formats
import Pattern

/// One schema, compiled: numbers of other schemas stand for these.
final class SchemaNode: Sendable {
  /// What it says; what it does not say is nil or empty.
  struct Rules: Sendable {
    /// For `true` and `false`.
    var verdict: Bool?
    var resource = 0
    var types = SchemaTypes.all
    var constants: [JSONValue]?
    var values = ValueRules()
    var array: Frozen<ArrayRules>?
    var object: Frozen<ObjectRules>?
    var hasNumberRules = false
    var hasStringRules = false

    var reference: Int?
    var dynamicReference: DynamicReference?
    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var discriminator: Frozen<Discriminator>?
    var not: Int?
    var condition: Int?
    var then: Int?
    var otherwise: Int?
    var unevaluatedItems: Int?
    var unevaluatedProperties: Int?
    /// Whether there are schemas that look at the same value.
    var hasInPlace = false
  }

  /// A value that is read where it stands: whoever holds the object copies nothing of it.
  final class Frozen<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  /// A reference whose end depends on the schemas that led to it.
  struct DynamicReference: Sendable {
    var anchor: Int
    var target: Int
  }

  /// A member whose value chooses one of several forms.
  struct Discriminator: Sendable {
    var name: String
    /// The schemas, by the values that choose them.
    var forms: [[UInt8]: Int]
    /// Whether they stand in `oneOf`, or in `anyOf`.
    var isOneOf: Bool
  }

  /// Rules for numbers and strings.
  struct ValueRules: Sendable {
    var minimum: JSONNumber?
    var maximum: JSONNumber?
    var exclusiveMinimum: JSONNumber?
    var exclusiveMaximum: JSONNumber?
    var multipleOf: JSONNumber?
    /// What whole numbers may be, where nothing else is said of numbers.
    var integers: ClosedRange<Int>?
    /// Whether numbers need not be negative, and nothing else is said of them.
    var isNotNegative = false
    var numberFormat: StringFormat?
    var minLength: Int?
    var maxLength: Int?
    var pattern: Pattern?
    var format: StringFormat?
  }

  /// Rules for arrays.
  struct ArrayRules: Sendable {
    var prefix: [Int] = []
    var rest: Int?
    /// The word that `rest` was written with.
    var restWord: StaticString = "items"
    var contains: Int?
    var minContains = 1
    var maxContains: Int?
    var minItems: Int?
    var maxItems: Int?
    var isUnique = false
    /// Whether elements found by `contains` count as looked at.
    var containsMarks = false
  }

  /// Rules for objects.
  struct ObjectRules: Sendable {
    var names = SchemaNames()
    /// The same names to be looked for, once all are known.
    var table: SchemaNameTable?
    /// The numbers of required names.
    var required: [Int] = []
    /// The numbers of names that only messages the other way have, and the word that says so.
    var oneSided: [Int] = []
    var oneSidedWord: StaticString = "readOnly"
    var patterns: [(pattern: Pattern, node: Int)] = []
    var rest: Int?
    var propertyNames: Int?
    var minProperties: Int?
    var maxProperties: Int?
    var dependentNames: [(name: Int, required: [Int])] = []
    var dependentSchemas: [(name: Int, node: Int)] = []
  }

  let rules: Rules

  init(_ rules: Rules) { self.rules = rules }
}
