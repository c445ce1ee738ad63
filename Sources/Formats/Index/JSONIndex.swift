/// A small JSON text, such as a token's claims, checked whole and indexed where it lies.
///
/// Nothing is copied: a value is a range of the text. The reader does not recurse, and takes
/// nothing that two readers could understand differently: no name twice in one object, no half of
/// a surrogate pair, nothing before or behind the value (RFC 8259, RFC 7493).
public struct JSONIndex: Sendable {
  /// How much is taken.
  public struct Limits: Hashable, Sendable {
    /// Longest text, in bytes.
    public var bytesMax = 256 * 1024
    /// Most values, names among them.
    public var valuesMax = 16_384
    /// Deepest nesting of objects and arrays.
    public var depthMax = 32

    public init() {}
  }

  /// What a value is.
  public enum Kind: UInt8, Sendable { case object, array, string, number, boolean, null }

  /// One value, or the name of a member.
  struct Entry: Sendable {
    var kind: Kind
    /// Whether a string has escapes, so that its bytes are not its text.
    var isEscaped = false
    /// The bytes of the value; those of a string without its quotes.
    var start: UInt32
    var end: UInt32
    /// The place behind the value and all that is in it.
    var next: UInt32
  }

  /// The text.
  public let bytes: [UInt8]
  let entries: [Entry]

  /// Checks and indexes `bytes`.
  public init(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONFault) {
    var reader = JSONIndexReader(limits: limits)
    try reader.read(bytes)
    self.bytes = bytes
    entries = reader.entries
  }

  /// The value that the text is.
  public var root: JSONElement { JSONElement(index: self, place: 0) }
}
