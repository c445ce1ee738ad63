import Synchronization

/// Events of one loop in a row, which all who read them share and nobody changes.
public final class EventBlock: Sendable {
  private let storage: [UInt8]
  private let used: Int
  /// How many events there are.
  public let count: Int
  /// Where the storage goes once nobody reads it any more.
  private let pool: EventPool?

  /// The first `used` bytes of `storage` as events, `count` of them.
  init(_ storage: [UInt8], used: Int, count: Int, pool: EventPool?) {
    self.storage = storage
    self.used = used
    self.count = count
    self.pool = pool
  }

  /// Events that were kept somewhere; whatever is no event counts for none.
  public convenience init(kept bytes: [UInt8]) {
    var reader = EventReader(bytes.span)
    var count = 0
    while reader.next() != nil { count += 1 }
    self.init(bytes, used: bytes.count, count: count, pool: nil)
  }

  /// Events that were kept one behind the other, in blocks of at most `countMax`; what is no event
  /// ends them.
  public static func split(kept bytes: [UInt8], countMax: Int) -> [EventBlock] {
    var blocks: [EventBlock] = []
    var (start, end, count) = (0, 0, 0)
    var reader = EventReader(bytes.span)
    while reader.next() != nil {
      (end, count) = (reader.offset, count + 1)
      if count == countMax {
        blocks.append(
          EventBlock(Array(bytes[start..<end]), used: end - start, count: count, pool: nil))
        (start, count) = (end, 0)
      }
    }
    if count > 0 {
      blocks.append(
        EventBlock(Array(bytes[start..<end]), used: end - start, count: count, pool: nil))
    }
    return blocks
  }

  deinit { pool?.give(storage) }

  /// Lends all bytes of it, to keep somewhere.
  @inline(__always)
  public func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let storage = storage
    return body(storage.span.extracting(0..<used))
  }

  /// Lends the events one after another; tells whether all of the block was events.
  @discardableResult
  @inline(__always)
  public func forEach(_ body: (borrowing Event) -> Void) -> Bool {
    withBytes { bytes in
      var reader = EventReader(bytes)
      while let event = reader.next() { body(event) }
      return !reader.isDamaged
    }
  }
}
