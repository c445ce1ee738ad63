import Base

/// Room for one event, which is written part by part: the texts in their order, the figures at
/// their places.
@safe
struct EventWriter: ~Copyable, ~Escapable {
  private let base: UnsafeMutableRawPointer
  private var end = EventLayout.texts
  private var textCount = 0

  // Safety: the pointer is used within the call of `EventEncoder.append` alone, which the type
  // cannot leave; it has room for `EventLayout.bytesMax` bytes, and no event is longer.
  @_lifetime(immortal)
  init(base: UnsafeMutableRawPointer) { unsafe self.base = unsafe base }

  /// Puts a number at its place in the fixed part.
  @inline(__always)
  func put<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, at offset: Int) {
    precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= EventLayout.texts, "no place")
    // Safety: the place lies in the fixed part, for which there is room.
    unsafe base.storeBytes(of: number, toByteOffset: offset, as: Number.self)
  }

  /// Puts the figures that are its own.
  func figures(_ record: EventRecord, worker: UInt8, _ sequence: UInt64) {
    put(UInt32(EventLayout.currentForm) | UInt32(worker) << 8, at: EventLayout.form)
    put(sequence, at: EventLayout.sequence)
    put(record.wallMilliseconds, at: EventLayout.wallMilliseconds)
    put(record.client.high, at: EventLayout.addressHigh)
    put(record.client.low, at: EventLayout.addressLow)
    put(record.trace.high, at: EventLayout.traceHigh)
    put(record.trace.low, at: EventLayout.traceLow)
    put(record.span, at: EventLayout.span)
    put(record.parentSpan, at: EventLayout.parentSpan)
    put(record.durationMicroseconds, at: EventLayout.durationMicroseconds)
    put(record.upstreamMicroseconds, at: EventLayout.upstreamMicroseconds)
    put(record.bytesIn, at: EventLayout.bytesIn)
    put(record.bytesOut, at: EventLayout.bytesOut)
    put(record.credential, at: EventLayout.credential)
    put(record.subject, at: EventLayout.subject)
  }

  /// Puts what events have in common, as `Event.withGroup` gave it; the texts of it too.
  mutating func group(_ figures: Span<UInt8>, texts: Span<UInt8>) {
    precondition(textCount == 0 && figures.count == EventLayout.groupBytes, "no group")
    for place in figures.indices { put(figures[place], at: EventLayout.status + place) }
    precondition(texts.count <= EventLayout.bytesMax - EventLayout.texts - 8, "no group")
    // Safety: there is room, and the span is valid for the call.
    unsafe texts.withUnsafeBytes { source in
      guard let from = source.baseAddress else { return }
      unsafe base.advanced(by: end).copyMemory(from: from, byteCount: source.count)
    }
    end += texts.count
    textCount = EventText.groupCount
  }

  /// Appends the next text, as far as it may be kept.
  @inline(__always)
  mutating func append(_ bytes: Span<UInt8>, as text: EventText) {
    let most = text.bytesMax
    let count = bytes.count <= most ? bytes.count : LogText.end(of: bytes, max: most)
    // Safety: the span is valid for the call.
    unsafe bytes.withUnsafeBytes { unsafe append($0.baseAddress, count, text) }
  }

  /// Appends the next text, known at compile time.
  @inline(__always)
  mutating func append(_ bytes: StaticString, as text: EventText) {
    let count = min(bytes.utf8CodeUnitCount, text.bytesMax)
    // Safety: a static string's pointer is valid for its count, for ever.
    unsafe append(UnsafeRawPointer(bytes.utf8Start), count, text)
  }

  @inline(__always)
  @unsafe
  private mutating func append(_ from: UnsafeRawPointer?, _ count: Int, _ text: EventText) {
    precondition(Int(text.rawValue) == textCount, "texts go in their order")
    precondition(end + count <= EventLayout.bytesMax - 8, "more than an event may be long")
    if count > 0, let from = unsafe from {
      // Safety: there is room for the bytes, and the caller's are valid for the call.
      unsafe base.advanced(by: end).copyMemory(from: from, byteCount: count)
    }
    end += count
    put(
      UInt16(truncatingIfNeeded: end - EventLayout.texts),
      at: EventLayout.ends + 2 * textCount)
    textCount += 1
  }

  /// Fills the last word and writes the length; tells how long the event is.
  mutating func finish() -> Int {
    precondition(textCount == EventLayout.textCount, "texts are missing")
    // Safety: a word more than the texts take is left.
    unsafe base.storeBytes(of: 0, toByteOffset: end, as: UInt64.self)
    let whole = (end + 7) & ~7
    put(UInt32(truncatingIfNeeded: whole), at: EventLayout.length)
    return whole
  }
}
