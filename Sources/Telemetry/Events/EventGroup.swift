public import HTTP

/// What is few in kind in events, whatever the traffic, apart from them: `Event.withGroup` gave it.
public struct EventGroup: ~Escapable {
  private let bytes: RawSpan

  /// The group that `bytes` hold; nil if they hold none.
  @_lifetime(copy bytes)
  public init?(_ bytes: Span<UInt8>) {
    self.bytes = RawSpan(_elements: bytes)
    guard bytes.count >= EventLayout.groupBytes, bytes.count < EventLayout.bytesMax / 2 else {
      return nil
    }
    var before = 0
    for place in 0..<EventText.groupCount {
      let end = end(place)
      guard end >= before, end - before <= EventText.allCases[place].bytesMax else { return nil }
      before = end
    }
    guard EventLayout.groupBytes + before == bytes.count else { return nil }
  }

  /// The figures of `Event` by the same names.
  public var status: Int { Int(half(EventLayout.status)) }
  public var flags: EventFlags { EventFlags(rawValue: half(EventLayout.flags)) }
  public var kind: EventKind { EventKind(rawValue: small(EventLayout.kind)) ?? .exchange }
  public var severity: Int { Int(small(EventLayout.severity)) }
  public var problem: Problem? {
    let number = small(EventLayout.problem)
    return number == 0 ? nil : Problem(rawValue: number - 1)
  }

  /// One of its texts; empty for those of other events' own.
  public subscript(_ text: EventText) -> Span<UInt8> {
    @_lifetime(copy self) get {
      let place = Int(text.rawValue)
      guard place < EventText.groupCount else { return Span() }
      let start = place == 0 ? 0 : end(place - 1)
      return Span(
        _bytes: bytes.extracting(
          EventLayout.groupBytes + start..<EventLayout.groupBytes + end(place)))
    }
  }

  private func end(_ place: Int) -> Int { Int(half(EventLayout.ends + 2 * place)) }

  private func half(_ offset: Int) -> UInt16 {
    // Safety: any bits are a number; the span checks its bounds.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset - EventLayout.status, as: UInt16.self)
  }

  private func small(_ offset: Int) -> UInt8 {
    // Safety: as above.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset - EventLayout.status, as: UInt8.self)
  }
}
