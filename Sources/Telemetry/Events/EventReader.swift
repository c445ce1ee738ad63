/// Reads the events of a block one after another.
///
/// What is no event ends the block there, and is told by `isDamaged`: a block may come from a file
/// that was cut or changed.
public struct EventReader: ~Escapable {
  private let bytes: RawSpan
  private var at = 0
  /// Whether what stands at the place where the reader has stopped is no event.
  public private(set) var isDamaged = false

  /// Where the next event would begin.
  public var offset: Int { at }

  /// A reader of `bytes`.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) { self.bytes = RawSpan(_elements: bytes) }

  /// The next event; nil at the end.
  @_lifetime(copy self)
  public mutating func next() -> Event? {
    if isDamaged || at == bytes.byteCount { return nil }
    guard let count = EventReader.length(bytes, at) else {
      isDamaged = true
      return nil
    }
    defer { at += count }
    return Event(bytes.extracting(at..<at + count))
  }

  /// How long the event is that begins at a place; nil if none does.
  private static func length(_ bytes: RawSpan, _ at: Int) -> Int? {
    guard bytes.byteCount - at >= EventLayout.texts else { return nil }
    // Safety: any bits are a number; the span checks its bounds.
    let length = unsafe Int(
      bytes.unsafeLoadUnaligned(fromByteOffset: at + EventLayout.length, as: UInt32.self))
    // Safety: as above.
    let form = unsafe bytes.unsafeLoadUnaligned(
      fromByteOffset: at + EventLayout.form, as: UInt8.self)
    guard form == EventLayout.currentForm, length >= EventLayout.texts,
      length <= EventLayout.bytesMax, length % 8 == 0, length <= bytes.byteCount - at
    else { return nil }
    var before: UInt16 = 0
    for place in 0..<EventLayout.textCount {
      // Safety: as above.
      let end = unsafe bytes.unsafeLoadUnaligned(
        fromByteOffset: at + EventLayout.ends + 2 * place, as: UInt16.self)
      if end < before { return nil }
      before = end
    }
    return EventLayout.texts + Int(before) <= length ? length : nil
  }
}
