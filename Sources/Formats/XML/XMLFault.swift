/// Why a text is not taken for XML: what is wrong, and at which byte.
public struct XMLFault: Error, Hashable, Sendable {
  /// What can be wrong.
  public enum Detail: String, Hashable, Sendable {
    case syntax = "no well-formed XML"
    case encoding = "bytes or characters that XML in UTF-8 does not have"
    case declaration = "an XML declaration other than version 1.0 in UTF-8"
    case documentType = "a document type, which none may have"
    case entity = "an entity other than the five of XML itself"
    case instruction = "a processing instruction"
    case unbalanced = "an end that is not that of the innermost element"
    case repeatedAttribute = "an attribute that its element has already"
    case unboundPrefix = "a prefix without a namespace"
    case depth = "elements nested too deep"
    case elements = "too many elements"
    case attributes = "an element with too many attributes"
    case prefixes = "too many prefixes at one place"
    case name = "a name that is too long"
  }

  /// What exactly is wrong.
  public let detail: Detail
  /// The place, counted in bytes from 0.
  public let offset: Int

  init(_ detail: Detail, at offset: Int) {
    self.detail = detail
    self.offset = offset
  }
}
