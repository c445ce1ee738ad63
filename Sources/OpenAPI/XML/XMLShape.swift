/// How values of one schema stand in XML (OpenAPI 3.1 §4.8.26), as far as that tells how to read
/// them.
struct XMLShape: Sendable {
  /// What a value of an object stands in.
  enum Place: Sendable { case element, attribute, text }

  /// One member of an object.
  struct Member: Sendable {
    /// Its name in the schema.
    var name: [UInt8]
    /// The number of its shape.
    var shape: Int
    var place = Place.element
    /// What its elements or its attribute are called.
    var written: XMLName
    /// Whether each of its elements is one of an array, without an element around them.
    var isRepeated = false
  }

  /// What may be there; empty if the schema does not say.
  var kinds: ValueShape.Kinds = []
  /// What the element is called, where the schema says.
  var name = XMLName()
  var place = Place.element
  /// Whether an array has an element around its elements.
  var isWrapped = false
  /// The number of the elements' shape; nil for any value.
  var items: Int?
  /// What elements of a wrapped array are called, where that is said.
  var itemName = XMLName()
  var members: [Member] = []
  /// The number of the shape of members that are not described; nil for any value.
  var rest: Int?

  var isList: Bool { kinds.contains(.list) && !kinds.contains(.object) }
  var isObject: Bool { kinds.contains(.object) || !members.isEmpty }
}
