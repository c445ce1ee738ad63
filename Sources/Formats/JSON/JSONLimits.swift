/// How much of a JSON text is taken.
///
/// The defaults are for what a program keeps whole, such as a token's claims. The parser's stack
/// has room for `depthBound` levels, and offsets have 32 bits: more cannot be asked for.
public struct JSONLimits: Hashable, Sendable {
  /// Longest text, in bytes.
  public var bytesMax = 256 * 1024
  /// Most values, names among them.
  public var valuesMax = 16_384
  /// Deepest nesting of objects and arrays.
  public var depthMax = 32
  /// Most members of one object.
  public var membersMax = 16_384
  /// Longest string or name as written, in bytes.
  public var stringBytesMax = 256 * 1024
  /// Longest number, in characters: no sound one has a tenth of it.
  public var numberBytesMax = 256
  /// Whether an object may have two members of one name. Two readers of such a text may take
  /// different ones, and so go past whoever checked it (RFC 8259 §4).
  public var takesRepeatedNames = false

  /// Deepest nesting that can be asked for.
  public static let depthBound = 1024
  /// Longest text that can be asked for, in bytes.
  public static let bytesBound = 1 << 30

  /// The defaults.
  public init() {}

  /// Limits for documents that an operator chose, such as the description of an API.
  public static let document: JSONLimits = {
    var limits = JSONLimits()
    limits.bytesMax = 64 * 1024 * 1024
    limits.valuesMax = 8 * 1024 * 1024
    limits.depthMax = 128
    limits.membersMax = 1024 * 1024
    limits.stringBytesMax = 16 * 1024 * 1024
    return limits
  }()
}
