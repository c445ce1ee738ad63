/// How much of an XML text is taken.
public struct XMLLimits: Hashable, Sendable {
  /// Deepest nesting of elements.
  public var depthMax = 64
  /// Most elements.
  public var elementsMax = 16_384
  /// Most attributes of one element.
  public var attributesMax = 64
  /// Most prefixes that are bound at one place: each name with a prefix is looked for among them.
  public var prefixesMax = 32
  /// Longest name, in bytes.
  public var nameBytesMax = 256

  /// The defaults.
  public init() {}
}
