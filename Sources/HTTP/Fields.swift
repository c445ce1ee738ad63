public import Base

/// The fields of a message and the bytes they are made of.
///
/// All bytes of a message lie in `arena`; fields, path and the rest are slices of it. A removed
/// field stays in `lines` with an empty name, which no reader takes for a field.
public struct Fields: Sendable {
  /// All bytes of the message.
  public var arena: [UInt8] = []
  /// The field lines in the order of the message, removed ones among them.
  public var lines: [FieldLine] = []

  public init() {}

  /// Drops everything and keeps the storage.
  public mutating func clear() {
    if !arena.isEmpty { arena.removeAll(keepingCapacity: true) }
    if !lines.isEmpty { lines.removeAll(keepingCapacity: true) }
  }

  /// The bytes of a slice of this message.
  public subscript(_ slice: Slice) -> Span<UInt8> {
    @_lifetime(borrow self) get { arena.span.extracting(slice.range) }
  }

  /// The value of the first field with a known name, or nil.
  public func value(_ id: FieldName) -> Slice? {
    for index in lines.indices where lines[index].id == id && !lines[index].name.isEmpty {
      return lines[index].value
    }
    return nil
  }

  /// The value of the first field called `name` (in lower case), or nil.
  public func value(named name: Span<UInt8>) -> Slice? {
    for index in lines.indices where isField(index, named: name) { return lines[index].value }
    return nil
  }

  /// How many fields are called `name`, in lower case.
  public func count(named name: Span<UInt8>) -> Int {
    var count = 0
    for index in lines.indices where isField(index, named: name) { count += 1 }
    return count
  }

  /// How many fields have a known name.
  public func count(_ id: FieldName) -> Int {
    var count = 0
    for index in lines.indices where lines[index].id == id && !lines[index].name.isEmpty {
      count += 1
    }
    return count
  }

  /// Takes out all lines of that name.
  public mutating func remove(_ id: FieldName) {
    for index in lines.indices where lines[index].id == id { lines[index].name = .empty }
  }

  /// Takes out all lines whose names are in the set.
  public mutating func remove(_ names: FieldNameSet) {
    for index in lines.indices where names.contains(lines[index].id) { lines[index].name = .empty }
  }

  /// Takes out all lines of that name, which is in lower case.
  public mutating func remove(named name: Span<UInt8>) {
    for index in lines.indices where isField(index, named: name) { lines[index].name = .empty }
  }

  public mutating func append(_ id: FieldName, _ value: Span<UInt8>) {
    let name = store(id.text)
    lines.append(FieldLine(name: name, value: store(value), id: id))
  }

  /// Appends a field; `name` is in lower case, and neither holds a byte that a field may not.
  public mutating func append(name: Span<UInt8>, value: Span<UInt8>) {
    let id = FieldName(name)
    let stored = store(name)
    lines.append(FieldLine(name: stored, value: store(value), id: id))
  }

  public mutating func append(name: StaticString, value: Span<UInt8>) {
    let stored = store(name)
    lines.append(FieldLine(name: stored, value: store(value), id: FieldName(self[stored])))
  }

  /// Appends a field with a value known at compile time.
  public mutating func append(_ id: FieldName, text: StaticString) {
    let name = store(id.text)
    lines.append(FieldLine(name: name, value: store(text), id: id))
  }

  /// Appends a field with name and value known at compile time.
  public mutating func append(name: StaticString, text: StaticString) {
    let stored = store(name)
    lines.append(FieldLine(name: stored, value: store(text), id: FieldName(self[stored])))
  }

  /// Replaces all fields of a known name by one.
  public mutating func set(_ id: FieldName, _ value: Span<UInt8>) {
    remove(id)
    append(id, value)
  }

  /// Copies bytes into the arena and returns where they lie.
  public mutating func store(_ bytes: Span<UInt8>) -> Slice {
    // Safety: the span's bytes are valid for the call, which copies them.
    unsafe bytes.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return Slice(offset: arena.count, count: 0) }
      return unsafe store(base, source.count)
    }
  }

  /// Copies bytes into the arena, the first `small` of them in lower case, and returns where they
  /// lie.
  public mutating func store(_ bytes: Span<UInt8>, lowercasingFirst small: Int) -> Slice {
    precondition(small >= 0 && small <= bytes.count, "more to change than there is")
    // Safety: the span's bytes are valid for the call, which copies them.
    return unsafe bytes.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return Slice(offset: arena.count, count: 0) }
      return unsafe store(base, source.count, lowercasingFirst: small)
    }
  }

  public mutating func store(_ text: StaticString) -> Slice {
    // Safety: a static string's pointer is valid for its count, for ever.
    unsafe store(UnsafeRawPointer(text.utf8Start), text.utf8CodeUnitCount)
  }

  /// Copies `count` bytes from `source`, which are valid for the call; the first `small` of them,
  /// no more than there are, in lower case.
  @inline(__always)
  @unsafe
  private mutating func store(
    _ source: UnsafeRawPointer, _ count: Int, lowercasingFirst small: Int = 0
  ) -> Slice {
    let offset = arena.count
    arena.append(addingCapacity: count) { target in
      // Safety: the span has room for `count` bytes more, all of which are written here.
      unsafe target.withUnsafeMutableBufferPointer { free, used in
        guard let base = free.baseAddress else { return }
        let place = unsafe UnsafeMutableRawPointer(base + used)
        unsafe place.copyMemory(from: source, byteCount: count)
        if small > 0 { unsafe ASCII.lowercase(place, first: small, of: count) }
        used += count
      }
    }
    return Slice(offset: offset, count: count)
  }

  /// Text of a slice, for messages and tests; bytes that are not UTF-8 are replaced.
  public func text(_ slice: Slice) -> String { String(decoding: arena[slice.range], as: UTF8.self) }

  @inline(__always)
  private func isField(_ index: Int, named name: Span<UInt8>) -> Bool {
    let line = lines[index].name
    return Int(line.count) == name.count && name.count > 0 && ASCII.equals(self[line], name)
  }
}
