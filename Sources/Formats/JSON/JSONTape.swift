/// The values of a JSON text in the order of the text, in one array that is used again.
///
/// It holds no text: who asks it about names and strings gives the text that it was read from.
public struct JSONTape: Sendable {
  /// What a value is.
  public enum Kind: UInt8, Sendable { case object, array, string, number, boolean, null }

  /// One value, or the name of a member, which stands right before its value.
  public struct Entry: Sendable {
    /// What it is; a name is a string.
    public var kind: Kind
    /// Whether a string has escapes, so that its bytes are not its text.
    public var isEscaped = false
    /// Whether a number has neither a fraction nor an exponent.
    public var isWhole = false
    /// The bytes of the value; those of a string without its quotes.
    public var start: UInt32
    public var end: UInt32
    /// The place behind the value and all that is in it; for a name, a part of its hash.
    public var next: UInt32

    /// The bytes of the value.
    @inline(__always)
    public var range: Range<Int> { Int(start)..<Int(end) }
  }

  /// The values, and behind the first `count` whatever room there is for more.
  public private(set) var entries: [Entry] = []
  /// How many values there are; none of a text that was not taken.
  public private(set) var count = 0
  private var scanner: JSONScanner

  /// An empty one.
  public init(limits: JSONLimits = JSONLimits()) { scanner = JSONScanner(limits: limits) }

  /// How much of a text is taken.
  public var limits: JSONLimits {
    get { scanner.limits }
    set { if newValue != scanner.limits { scanner = JSONScanner(limits: newValue) } }
  }

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// Reads a whole text and takes the place of what was read before.
  ///
  /// Allocates only while the text has more values than any before it.
  public mutating func read(_ text: Span<UInt8>) throws(JSONFault) {
    count = 0
    scanner.clear()
    count = try JSONTape.read(text, into: &entries, by: &scanner)
  }

  private static func read(
    _ text: Span<UInt8>, into entries: inout [Entry], by scanner: inout JSONScanner
  ) throws(JSONFault) -> Int {
    var at = 0
    var used = 0
    var inner = UInt32.max
    while true {
      var builder = JSONTapeBuilder(entries.mutableSpan, used: used, inner: inner)
      let isDone = try scanner.scan(text, &at, isLast: true, into: &builder)
      (used, inner) = (builder.used, builder.inner)
      if isDone { return used }
      entries.append(contentsOf: repeatElement(.room, count: max(64, entries.count)))
    }
  }
}

extension JSONTape.Entry {
  /// A place where none is yet.
  fileprivate static let room = JSONTape.Entry(kind: .null, start: 0, end: 0, next: 0)
}
