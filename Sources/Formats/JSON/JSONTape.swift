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

  /// The values.
  public private(set) var entries: [Entry] = []
  private var scanner: JSONScanner
  private var open: [UInt32] = []

  /// An empty one.
  public init(limits: JSONLimits = JSONLimits()) { scanner = JSONScanner(limits: limits) }

  /// How much of a text is taken.
  public var limits: JSONLimits {
    get { scanner.limits }
    set { if newValue != scanner.limits { scanner = JSONScanner(limits: newValue) } }
  }

  /// Reads a whole text and takes the place of what was read before.
  ///
  /// Allocates only while the text has more values than any before it.
  public mutating func read(_ text: Span<UInt8>) throws(JSONFault) {
    entries.removeAll(keepingCapacity: true)
    var builder = Builder(entries: entries, open: open)
    entries = []
    open = []
    scanner.clear()
    defer {
      entries = builder.entries
      open = builder.open
      open.removeAll(keepingCapacity: true)
    }
    _ = try scanner.scan(text, isLast: true, into: &builder)
  }

  private struct Builder: JSONSink {
    var entries: [Entry]
    var open: [UInt32]

    mutating func begin(isObject: Bool, at: Int) {
      open.append(UInt32(truncatingIfNeeded: entries.count))
      add(
        Entry(
          kind: isObject ? .object : .array, start: UInt32(truncatingIfNeeded: at), end: 0, next: 0)
      )
    }

    mutating func end(isObject: Bool, end: Int) {
      guard let place = open.popLast() else { return }
      entries[Int(place)].end = UInt32(truncatingIfNeeded: end)
      entries[Int(place)].next = UInt32(truncatingIfNeeded: entries.count)
    }

    mutating func name(_ range: Range<Int>, isEscaped: Bool, hash: UInt64) {
      add(
        Entry(
          kind: .string, isEscaped: isEscaped, start: UInt32(truncatingIfNeeded: range.lowerBound),
          end: UInt32(truncatingIfNeeded: range.upperBound), next: UInt32(truncatingIfNeeded: hash))
      )
    }

    mutating func string(_ range: Range<Int>, isEscaped: Bool) {
      single(.string, range, isEscaped: isEscaped)
    }

    mutating func number(_ range: Range<Int>, isWhole: Bool) {
      single(.number, range, isWhole: isWhole)
    }

    mutating func boolean(_ range: Range<Int>) { single(.boolean, range) }

    mutating func null(_ range: Range<Int>) { single(.null, range) }

    @inline(__always)
    private mutating func single(
      _ kind: Kind, _ range: Range<Int>, isEscaped: Bool = false, isWhole: Bool = false
    ) {
      add(
        Entry(
          kind: kind, isEscaped: isEscaped, isWhole: isWhole,
          start: UInt32(truncatingIfNeeded: range.lowerBound),
          end: UInt32(truncatingIfNeeded: range.upperBound),
          next: UInt32(truncatingIfNeeded: entries.count + 1)))
    }

    @inline(__always)
    private mutating func add(_ entry: Entry) { entries.append(entry) }
  }
}
