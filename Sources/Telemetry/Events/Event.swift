public import Base
public import HTTP

/// One event, as its readers see it: lent by the block that it stands in.
public struct Event: ~Escapable {
  /// The bytes of it, which `EventReader` has found whole.
  let bytes: RawSpan

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  /// How long it is.
  public var byteCount: Int { bytes.byteCount }
  /// What it tells of.
  public var kind: EventKind { EventKind(rawValue: small(EventLayout.kind)) ?? .exchange }
  /// How severe a finding is, from 1 to 5.
  public var severity: Int { Int(small(EventLayout.severity)) }
  /// The loop that made it; 255 for those that come from elsewhere.
  public var worker: Int { Int(small(EventLayout.worker)) }
  /// Its number among the loop's: without a gap, unless events were lost.
  public var sequence: UInt64 { word(EventLayout.sequence) }
  /// When the head was complete, in milliseconds since 1970.
  public var wallMilliseconds: UInt64 { word(EventLayout.wallMilliseconds) }
  /// The client, behind trusted hops.
  public var client: IPAddress {
    IPAddress(high: word(EventLayout.addressHigh), low: word(EventLayout.addressLow))
  }
  /// The trace; zeros if there is none.
  public var trace: (high: UInt64, low: UInt64) {
    (word(EventLayout.traceHigh), word(EventLayout.traceLow))
  }
  /// The gateway's own span in the trace, and the one that it belongs under; 0 for none.
  public var span: UInt64 { word(EventLayout.span) }
  public var parentSpan: UInt64 { word(EventLayout.parentSpan) }
  /// From the head of the request to the end of the response.
  public var durationMicroseconds: UInt64 { word(EventLayout.durationMicroseconds) }
  /// From the request's forwarding to the response's head.
  public var upstreamMicroseconds: UInt64 { word(EventLayout.upstreamMicroseconds) }
  /// Bytes of content.
  public var bytesIn: UInt64 { word(EventLayout.bytesIn) }
  public var bytesOut: UInt64 { word(EventLayout.bytesOut) }
  /// What tells one credential from another, right or wrong; 0 for none.
  public var credential: UInt64 { word(EventLayout.credential) }
  /// What tells one claimed name from another, within one run of one process; 0 for none.
  public var subject: UInt64 { word(EventLayout.subject) }
  /// The status that the client got; 0 if it got none.
  public var status: Int { Int(half(EventLayout.status)) }
  public var flags: EventFlags { EventFlags(rawValue: half(EventLayout.flags)) }
  /// Why the gateway refused; nil if it did not.
  public var problem: Problem? {
    let number = small(EventLayout.problem)
    return number == 0 ? nil : Problem(rawValue: number - 1)
  }
  /// Whose doing it was, if something was wrong.
  public var fault: Fault { Fault(rawValue: small(EventLayout.fault)) ?? .none }
  /// How the client came.
  public var version: ProtocolVersion {
    ProtocolVersion(rawValue: small(EventLayout.protocolVersion)) ?? .http11
  }
  /// By its number; the text has the name.
  public var method: Method { Method(rawValue: small(EventLayout.method)) ?? .other }
  /// The kinds of credentials that were shown and found right.
  public var shown: UInt8 { small(EventLayout.shown) }
  /// How many times an upstream was asked.
  public var attempts: Int { Int(small(EventLayout.attempts)) }

  /// One of its texts; empty where there is none. It may hold any bytes.
  public subscript(_ text: EventText) -> Span<UInt8> {
    @_lifetime(copy self) get {
      let place = Int(text.rawValue)
      let start = place == 0 ? 0 : Int(half(EventLayout.ends + 2 * place - 2))
      let end = Int(half(EventLayout.ends + 2 * place))
      let part = bytes.extracting(EventLayout.texts + start..<EventLayout.texts + end)
      return Span<UInt8>(_bytes: part)
    }
  }

  /// All that is few in kind, whatever the traffic: the same bytes for events that agree in it. An
  /// `EventGroup` reads them again, one behind the other.
  @inline(__always)
  public func withGroup<Result>(_ body: (_ figures: Span<UInt8>, _ texts: Span<UInt8>) -> Result)
    -> Result
  {
    let end = Int(half(EventLayout.ends + 2 * (EventText.groupCount - 1)))
    return body(
      Span(
        _bytes: bytes.extracting(
          EventLayout.status..<EventLayout.status + EventLayout.groupBytes)),
      Span(_bytes: bytes.extracting(EventLayout.texts..<EventLayout.texts + end)))
  }

  /// Lends all bytes of it, to keep somewhere.
  public func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(Span(_bytes: bytes))
  }

  /// One of its texts as a string, what is no UTF-8 replaced.
  public func string(_ text: EventText) -> String {
    let bytes = self[text]
    // Safety: the string copies the bytes, which are valid for the call.
    return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  @inline(__always)
  private func word(_ offset: Int) -> UInt64 {
    // Safety: any bits are a number; the span checks its bounds.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  @inline(__always)
  private func half(_ offset: Int) -> UInt16 {
    // Safety: as above.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
  }

  @inline(__always)
  private func small(_ offset: Int) -> UInt8 {
    // Safety: as above.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
  }
}
