/// A JSON text, such as a token's claims, checked whole and indexed where it lies.
///
/// Nothing is copied: a value is a range of the text.
public struct JSONIndex: Sendable {
  /// How much is taken.
  public typealias Limits = JSONLimits
  /// What a value is.
  public typealias Kind = JSONTape.Kind

  /// The text.
  public let bytes: [UInt8]
  let tape: JSONTape

  /// Checks and indexes `bytes`.
  public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFault) {
    var tape = JSONTape(limits: limits)
    try tape.read(bytes.span)
    self.bytes = bytes
    self.tape = tape
  }

  /// The value that the text is.
  public var root: JSONElement { JSONElement(index: self, place: 0) }
}
