/// A range of bytes inside an arena, by offset and length.
///
/// Messages keep their bytes in one array and refer to parts of it by slices, so that a parsed
/// message is two arrays whatever the number of its fields.
public struct Slice: Hashable, Sendable {
  /// Where the bytes begin, and how many there are.
  public var offset: UInt32
  public var count: UInt32

  public init(offset: Int, count: Int) {
    self.offset = UInt32(truncatingIfNeeded: offset)
    self.count = UInt32(truncatingIfNeeded: count)
  }

  /// No bytes.
  public static var empty: Slice { Slice(offset: 0, count: 0) }

  public var isEmpty: Bool { count == 0 }

  /// The indices of the bytes in their arena.
  public var range: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}
