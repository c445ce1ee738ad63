import Base

/// The pairs of a query, `name=value` between `&`, one after another; percent-encoding stays.
public struct QueryPairs: Sendable {
  /// One pair, as places in the query.
  public struct Pair: Hashable, Sendable {
    /// What stands before the `=`.
    public let name: Range<Int>
    /// What stands behind it; empty if there is no `=`.
    public let value: Range<Int>
  }

  private var at = 0

  public init() {}

  /// The next pair of `query`, or nil behind the last; empty ones are passed over.
  public mutating func next(in query: Span<UInt8>) -> Pair? {
    while at < query.count, query[at] == UInt8(ascii: "&") { at += 1 }
    guard at < query.count else { return nil }
    let start = at
    var equals: Int?
    while at < query.count, query[at] != UInt8(ascii: "&") {
      if equals == nil, query[at] == UInt8(ascii: "=") { equals = at }
      at += 1
    }
    return Pair(name: start..<(equals ?? at), value: (equals.map { $0 + 1 } ?? at)..<at)
  }

  /// Whether `encoded` is `name` once its percent-encoding is undone: what an upstream would read.
  public static func isName(_ encoded: Span<UInt8>, _ name: Span<UInt8>) -> Bool {
    var at = 0
    var place = 0
    while at < encoded.count {
      guard place < name.count, let (byte, count) = byte(encoded, at), byte == name[place] else {
        return false
      }
      at += count
      place += 1
    }
    return place == name.count
  }

  /// The value that `encoded` stands for; nil if its percent-encoding is broken.
  public static func decoded(_ encoded: Span<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(encoded.count)
    var at = 0
    while at < encoded.count {
      guard let (byte, count) = byte(encoded, at) else { return nil }
      bytes.append(byte)
      at += count
    }
    return bytes
  }

  private static func byte(_ text: Span<UInt8>, _ at: Int) -> (UInt8, count: Int)? {
    guard text[at] == UInt8(ascii: "%") else { return (text[at], 1) }
    guard at + 2 < text.count, let high = ASCII.hexValue(text[at + 1]),
      let low = ASCII.hexValue(text[at + 2])
    else { return nil }
    return (high << 4 | low, 3)
  }
}
