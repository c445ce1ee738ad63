public import Base

/// One field line of a message, as slices of the message's arena; the name is in lower case.
public struct FieldLine: Sendable {
  /// What stands before the colon, in lower case; empty if the line was removed.
  public var name: Slice
  /// What follows the colon, without the space around it.
  public var value: Slice
  /// The name as a number, where it is one of those that the gateway knows.
  public var id: FieldName

  public init(name: Slice, value: Slice, id: FieldName) {
    self.name = name
    self.value = value
    self.id = id
  }

  /// The bytes from the name's first to the line end's last, if the line lies in `arena` just as it
  /// is written: name, colon, space, value, CR LF. Else nil.
  @inline(__always)
  public func whole(in arena: Span<UInt8>) -> Range<Int>? {
    let start = Int(name.offset)
    let colon = start + Int(name.count)
    let end = Int(value.offset) + Int(value.count)
    guard Int(value.offset) == colon + 2, end + 2 <= arena.count else { return nil }
    // Safety: both pairs end within the arena, as was checked; any pair is a valid integer.
    let pairs = unsafe (
      arena.bytes.unsafeLoadUnaligned(fromByteOffset: colon, as: UInt16.self),
      arena.bytes.unsafeLoadUnaligned(fromByteOffset: end, as: UInt16.self)
    )
    return pairs == (Self.colonAndSpace, Self.crlf) ? start..<end + 2 : nil
  }

  /// Colon and space, as they follow each other in memory.
  public static var colonAndSpace: UInt16 { UInt16(littleEndian: 0x203A) }
  /// Carriage return and line feed, as they follow each other in memory.
  public static var crlf: UInt16 { UInt16(littleEndian: 0x0A0D) }
}
