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
    // Safety: the span's bytes are valid for the call, which copies them.
    unsafe value.withUnsafeBytes { unsafe append(id.text, $0, id) }
  }

  /// Appends a field; `name` is in lower case, and neither holds a byte that a field may not.
  public mutating func append(name: Span<UInt8>, value: Span<UInt8>) {
    let id = FieldName(name)
    // Safety: the bytes of both spans are valid for the call, which copies them.
    unsafe name.withUnsafeBytes { text in
      unsafe value.withUnsafeBytes { unsafe append(text, $0, id) }
    }
  }

  public mutating func append(name: StaticString, value: Span<UInt8>) {
    // Safety: the span's bytes are valid for the call, which copies them.
    unsafe value.withUnsafeBytes { unsafe append(name, $0, nil) }
  }

  /// Appends a field with a value known at compile time.
  public mutating func append(_ id: FieldName, text: StaticString) {
    // Safety: a static string's bytes are valid for ever.
    unsafe append(id.text, Self.bytes(text), id)
  }

  /// Appends a field with name and value known at compile time.
  public mutating func append(name: StaticString, text: StaticString) {
    // Safety: a static string's bytes are valid for ever.
    unsafe append(name, Self.bytes(text), nil)
  }

  @inline(__always)
  @unsafe
  private mutating func append(
    _ name: StaticString, _ value: UnsafeRawBufferPointer, _ id: FieldName?
  ) {
    unsafe append(Self.bytes(name), value, id)
  }

  @inline(__always)
  @unsafe
  private static func bytes(_ text: StaticString) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Appends a field as a whole line, so that it is written in one piece with those beside it. Both
  /// buffers are valid for the call.
  @unsafe
  private mutating func append(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ id: FieldName?
  ) {
    let offset = arena.count
    let count = name.count + value.count + 4
    arena.append(addingCapacity: count) { target in
      // Safety: the span has room for `count` bytes more, all of which are written here.
      unsafe target.withUnsafeMutableBufferPointer { free, used in
        guard let base = free.baseAddress else { return }
        let place = unsafe UnsafeMutableRawBufferPointer(start: base + used, count: count)
        unsafe place.copyMemory(from: name)
        unsafe UnsafeMutableRawBufferPointer(rebasing: place[(name.count + 2)...])
          .copyMemory(from: value)
        unsafe place.storeBytes(
          of: FieldLine.colonAndSpace, toByteOffset: name.count, as: UInt16.self)
        unsafe place.storeBytes(of: FieldLine.crlf, toByteOffset: count - 2, as: UInt16.self)
        used += count
      }
    }
    let stored = Slice(offset: offset, count: name.count)
    let text = Slice(offset: offset + name.count + 2, count: value.count)
    lines.append(FieldLine(name: stored, value: text, id: id ?? FieldName(self[stored])))
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

  /// Copies a field line, which is given without CR LF, and CR LF into the arena, its first `small`
  /// bytes in lower case; returns where the line lies, CR LF not counted.
  public mutating func store(line: Span<UInt8>, lowercasingFirst small: Int) -> Slice {
    precondition(small >= 0 && small <= line.count, "more to change than there is")
    let offset = arena.count
    let count = line.count
    // Safety: the line's bytes are valid for the call, which copies them.
    unsafe line.withUnsafeBytes { source in
      arena.append(addingCapacity: count + 2) { target in
        // Safety: the span has room for `count + 2` bytes more, all of which are written here.
        unsafe target.withUnsafeMutableBufferPointer { free, used in
          guard let base = free.baseAddress else { return }
          let place = unsafe UnsafeMutableRawPointer(base + used)
          if let from = source.baseAddress {
            unsafe place.copyMemory(from: from, byteCount: count)
          }
          if small > 0 { unsafe ASCII.lowercase(place, first: small, of: count) }
          unsafe place.storeBytes(of: FieldLine.crlf, toByteOffset: count, as: UInt16.self)
          used += count + 2
        }
      }
    }
    return Slice(offset: offset, count: count)
  }

  public mutating func store(_ text: StaticString) -> Slice {
    // Safety: a static string's pointer is valid for its count, for ever.
    unsafe store(UnsafeRawPointer(text.utf8Start), text.utf8CodeUnitCount)
  }

  /// Copies `count` bytes from `source`, which are valid for the call.
  @inline(__always)
  @unsafe
  private mutating func store(_ source: UnsafeRawPointer, _ count: Int) -> Slice {
    let offset = arena.count
    arena.append(addingCapacity: count) { target in
      // Safety: the span has room for `count` bytes more, all of which are written here.
      unsafe target.withUnsafeMutableBufferPointer { free, used in
        guard let base = free.baseAddress else { return }
        unsafe UnsafeMutableRawPointer(base + used).copyMemory(from: source, byteCount: count)
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
