import Base
import HTTP

/// Reads header blocks, field by field, in the order of the connection (RFC 7541).
///
/// A block may stand for far more than it holds: whoever reads it counts every field, and tells
/// `next` when it wants no more bytes kept.
struct HPACKDecoder: Sendable {
  enum Step {
    case field(HPACKField)
    /// A field whose bytes are not kept, of so many bytes with what each counts beside.
    case skipped(Int)
    case end
    case failed(StaticString)
  }

  private struct Text {
    var range: Range<Int>
    var isHuffman: Bool
  }

  private var table = HPACKTable()
  private let huffman = HuffmanCode.standard
  private let statics = HPACKStaticTable.entries
  private var mayResize = true

  /// Makes ready for the next block.
  mutating func begin() { mayResize = true }

  /// The next field of `block` from `at` on; its bytes are appended to `arena`, unless `keeps` is
  /// false.
  mutating func next(
    _ block: Span<UInt8>, _ at: inout Int, into arena: inout [UInt8], keeps: Bool
  ) -> Step {
    while at < block.count {
      let first = block[at]
      if first & 0xE0 != 0x20 {
        mayResize = false
        if first & 0x80 != 0 { return indexed(block, &at, &arena, keeps) }
        return literal(block, &at, &arena, keeps, first)
      }
      guard mayResize else { return .failed("table size update behind a field") }
      guard let size = Self.integer(block, &at, prefix: 5) else { return .failed("integer") }
      guard size <= HPACKTable.capacityMax else { return .failed("table size over the limit") }
      table.resize(size)
    }
    return .end
  }

  private func indexed(
    _ block: Span<UInt8>, _ at: inout Int, _ arena: inout [UInt8], _ keeps: Bool
  ) -> Step {
    guard let index = Self.integer(block, &at, prefix: 7) else { return .failed("integer") }
    if index == 0 { return .failed("index 0") }
    if index <= HPACKStaticTable.count {
      let entry = statics[index - 1]
      let (name, value) = (entry.name.utf8CodeUnitCount, entry.value.utf8CodeUnitCount)
      if !keeps { return .skipped(name + value + 32) }
      let start = arena.count
      Self.append(entry.name, to: &arena)
      Self.append(entry.value, to: &arena)
      return .field(Self.field(start, name, value, entry.mark))
    }
    guard let entry = table[index - HPACKStaticTable.count - 1] else {
      return .failed("index of no field")
    }
    let (name, value) = (Int(entry.nameCount), Int(entry.valueCount))
    if !keeps { return .skipped(name + value + 32) }
    let start = arena.count
    Self.append(table.bytes.span.extracting(table.range(entry)), to: &arena)
    return .field(Self.field(start, name, value, entry.mark))
  }

  private mutating func literal(
    _ block: Span<UInt8>, _ at: inout Int, _ arena: inout [UInt8], _ keeps: Bool, _ first: UInt8
  ) -> Step {
    let isAdded = first & 0xC0 == 0x40
    guard let index = Self.integer(block, &at, prefix: isAdded ? 6 : 4) else {
      return .failed("integer")
    }
    let start = arena.count
    var mark: HPACKField.Mark
    if index == 0 {
      guard let text = Self.text(block, &at), append(text, of: block, to: &arena) else {
        return .failed("name")
      }
      mark = HPACKField.Mark(name: arena.span.extracting(start...))
    } else {
      guard let known = appendName(index, to: &arena) else { return .failed("index of no name") }
      mark = known
    }
    let name = arena.count - start
    guard let text = Self.text(block, &at), append(text, of: block, to: &arena) else {
      return .failed("value")
    }
    let value = arena.count - start - name
    take(arena.span.extracting(start...), name, &mark, isAdded: isAdded)
    if keeps { return .field(Self.field(start, name, value, mark)) }
    arena.removeLast(name + value)
    return .skipped(name + value + 32)
  }

  /// Looks at a field's value, and puts the field into the table if it is to go there.
  private mutating func take(
    _ bytes: Span<UInt8>, _ name: Int, _ mark: inout HPACKField.Mark, isAdded: Bool
  ) {
    mark.note(value: bytes.extracting(name...))
    if !isAdded { return }
    table.insert(name: bytes.extracting(..<name), value: bytes.extracting(name...), mark: mark)
  }

  /// Appends the name of an entry; what is known of it, without the value's fault.
  private func appendName(_ index: Int, to arena: inout [UInt8]) -> HPACKField.Mark? {
    if index <= HPACKStaticTable.count {
      Self.append(statics[index - 1].name, to: &arena)
      return statics[index - 1].mark
    }
    guard let entry = table[index - HPACKStaticTable.count - 1] else { return nil }
    let range = Int(entry.offset)..<Int(entry.offset) + Int(entry.nameCount)
    let start = arena.count
    Self.append(table.bytes.span.extracting(range), to: &arena)
    return entry.mark.fault == nil
      ? entry.mark : HPACKField.Mark(name: arena.span.extracting(start...))
  }

  private func append(_ text: Text, of block: Span<UInt8>, to arena: inout [UInt8]) -> Bool {
    let bytes = block.extracting(text.range)
    if text.isHuffman { return huffman.decode(bytes, into: &arena) }
    Self.append(bytes, to: &arena)
    return true
  }

  private static func field(
    _ start: Int, _ name: Int, _ value: Int, _ mark: HPACKField.Mark
  ) -> HPACKField {
    HPACKField(
      name: Slice(offset: start, count: name), value: Slice(offset: start + name, count: value),
      mark: mark)
  }

  @inline(__always)
  private static func append(_ bytes: Span<UInt8>, to arena: inout [UInt8]) {
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe bytes.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
  }

  @inline(__always)
  private static func append(_ text: StaticString, to arena: inout [UInt8]) {
    let count = text.utf8CodeUnitCount
    // Safety: a static string's pointer is valid for its count, for ever.
    unsafe arena.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: count))
  }

  /// RFC 7541 §5.2: a string that the block holds whole.
  private static func text(_ block: Span<UInt8>, _ at: inout Int) -> Text? {
    guard at < block.count else { return nil }
    let isHuffman = block[at] & 0x80 != 0
    guard let count = integer(block, &at, prefix: 7), count <= block.count - at else { return nil }
    at += count
    return Text(range: at - count..<at, isHuffman: isHuffman)
  }

  /// RFC 7541 §5.1; no number that is needed here has more than 28 bits beyond its prefix.
  private static func integer(_ block: Span<UInt8>, _ at: inout Int, prefix: Int) -> Int? {
    let most = (1 << prefix) - 1
    var value = Int(block[at]) & most
    at += 1
    if value < most { return value }
    var shift = 0
    while at < block.count, shift < 28 {
      let byte = block[at]
      at += 1
      value += Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    return nil
  }
}
