import Base
import Schema

/// One kind of content that an operation takes. It is looked up more than once for each request,
/// and one object is counted where its parts would each be.
final class ContractContent: Sendable {
  enum Kind: Sendable { case json, form, multipart, xml, other }

  /// The media type or range, in lower case, without parameters.
  let type: [UInt8]
  let kind: Kind
  let schema: JSONSchema?
  /// The schema where members that are not described are violations; nil if nobody asks.
  let closedSchema: JSONSchema?
  let shape: ValueShape
  /// Members of a form whose arrays stand in one pair, between these bytes.
  let separators: [(name: [UInt8], byte: UInt8)]
  /// The media types that parts of a form may have, where the description says; in lower case.
  let partTypes: [(name: [UInt8], types: [[UInt8]])]
  /// How its values stand in XML, and the number of the whole; nil for other content.
  let xml: (shapes: XMLShapes, root: Int)?

  init(
    type: [UInt8], kind: Kind, schema: JSONSchema?, closedSchema: JSONSchema?, shape: ValueShape,
    separators: [(name: [UInt8], byte: UInt8)], partTypes: [(name: [UInt8], types: [[UInt8]])],
    xml: (shapes: XMLShapes, root: Int)?
  ) {
    self.type = type
    self.kind = kind
    self.schema = schema
    self.closedSchema = closedSchema
    self.shape = shape
    self.separators = separators
    self.partTypes = partTypes
    self.xml = xml
  }

  /// Whether content of this kind is checked, and so has to be seen.
  var isLookedInto: Bool { schema != nil || kind == .json || kind == .xml }

  static func kind(of type: String) -> Kind {
    if type == "application/json" || type == "text/json" || type.hasSuffix("+json") {
      return .json
    }
    if type == "application/xml" || type == "text/xml" || type.hasSuffix("+xml") { return .xml }
    if type == "application/x-www-form-urlencoded" { return .form }
    return type == "multipart/form-data" ? .multipart : .other
  }

  /// The media type of a field's value: lower case, without parameters.
  static func essence(_ value: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    for at in value.indices {
      if value[at] == UInt8(ascii: ";") { break }
      bytes.append(ASCII.lowercased(value[at]))
    }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return bytes
  }

  /// The one of several that a media type is declared as; the most exact one.
  static func best(of contents: [ContractContent], for essence: [UInt8]) -> ContractContent? {
    var best: ContractContent?
    var fit = 0
    for content in contents where content.fit(essence) > fit {
      best = content
      fit = content.fit(essence)
    }
    return best
  }

  /// How well it fits: 0 not at all, 1 as `*/*`, 2 as `type/*`, 3 exactly.
  func fit(_ essence: [UInt8]) -> Int { ContractContent.fit(type, essence) }

  /// How well a type or range fits.
  static func fit(_ type: [UInt8], _ essence: [UInt8]) -> Int {
    if type == essence { return 3 }
    if type == Array("*/*".utf8) { return 1 }
    guard type.count > 2, type.suffix(2).elementsEqual("/*".utf8) else { return 0 }
    return essence.starts(with: type.dropLast()) ? 2 : 0
  }
}
