/// Writes the values of a text to a tape's room, as far as there is some.
struct JSONTapeBuilder: JSONSink, ~Copyable, ~Escapable {
  private var room: MutableSpan<JSONTape.Entry>
  /// How many values there are.
  private(set) var used: Int
  /// The innermost object or array that is open, whose `next` is the one around it; the greatest
  /// number for none.
  private(set) var inner: UInt32

  @_lifetime(copy room)
  init(_ room: consuming MutableSpan<JSONTape.Entry>, used: Int, inner: UInt32) {
    self.room = room
    self.used = used
    self.inner = inner
  }

  var isFull: Bool { used + 2 > room.count }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func begin(isObject: Bool, at: Int) {
    let place = UInt32(truncatingIfNeeded: used)
    add(
      JSONTape.Entry(
        kind: isObject ? .object : .array, start: UInt32(truncatingIfNeeded: at), end: 0,
        next: inner))
    inner = place
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func end(isObject: Bool, end: Int) {
    let place = Int(inner)
    inner = room[place].next
    room[place].end = UInt32(truncatingIfNeeded: end)
    room[place].next = UInt32(truncatingIfNeeded: used)
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func name(_ range: Range<Int>, isEscaped: Bool, hash: UInt64) {
    add(
      JSONTape.Entry(
        kind: .string, isEscaped: isEscaped, start: UInt32(truncatingIfNeeded: range.lowerBound),
        end: UInt32(truncatingIfNeeded: range.upperBound), next: UInt32(truncatingIfNeeded: hash)))
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func string(_ range: Range<Int>, isEscaped: Bool) {
    single(.string, range, isEscaped: isEscaped)
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func number(_ range: Range<Int>, isWhole: Bool) {
    single(.number, range, isWhole: isWhole)
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func boolean(_ range: Range<Int>) { single(.boolean, range) }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func null(_ range: Range<Int>) { single(.null, range) }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func single(
    _ kind: JSONTape.Kind, _ range: Range<Int>, isEscaped: Bool = false, isWhole: Bool = false
  ) {
    add(
      JSONTape.Entry(
        kind: kind, isEscaped: isEscaped, isWhole: isWhole,
        start: UInt32(truncatingIfNeeded: range.lowerBound),
        end: UInt32(truncatingIfNeeded: range.upperBound),
        next: UInt32(truncatingIfNeeded: used + 1)))
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func add(_ entry: JSONTape.Entry) {
    room[used] = entry
    used += 1
  }
}
