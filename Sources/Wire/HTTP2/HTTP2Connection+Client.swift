public import Base
public import HTTP

/// The client's side: requests out, responses in.
extension HTTP2Connection {
  /// The highest number that a stream may have (RFC 9113 §5.1.1).
  private static let streamMax: UInt32 = 0x7FFF_FFFF

  /// Whether the server takes no further request on this connection.
  public var isPeerLeaving: Bool {
    peerServedMax != 0x7FFF_FFFF || lastStream >= Self.streamMax - 1
  }

  /// How many streams may be open at once: what both sides allow.
  public var streamsMax: Int { min(limits.streamsMax, peerStreamsMax) }

  /// Opens a stream for a request, whose head has to be sent before anything else is done; nil if
  /// none may be opened now (RFC 9113 §5.1.2).
  public mutating func openStream() -> Int? {
    guard hasSettings, !isFailed, !isPeerLeaving, table.count < streamsMax else { return nil }
    lastStream = lastStream == 0 ? 1 : lastStream + 2
    return table.open(
      HTTP2StreamTable.Stream(
        id: lastStream, sendWindow: peerInitialWindow, receiveWindow: limits.streamWindow,
        window: limits.streamWindow))
  }

  /// Writes a request's head, for an upstream that is called `authority`; `ends` if no content
  /// follows (RFC 9113 §8.3.1).
  public mutating func sendRequest(
    _ slot: Int, _ head: borrowing RequestHead, authority: Span<UInt8>, isSecure: Bool,
    framing: BodyFraming, ends: Bool, into output: inout ByteBuffer
  ) {
    var block = takeBlock()
    encoder.method(head.method, head.fields[head.methodText], into: &block)
    encoder.scheme(isSecure: isSecure, into: &block)
    encoder.authority(authority, into: &block)
    encoder.path(
      head.fields[head.path], query: head.fields[head.query], hasQuery: head.hasQuery, into: &block)
    let lines = head.fields.lines.span
    let arena = head.fields.arena.span
    for index in lines.indices {
      let line = lines[index]
      if line.name.isEmpty || !HeadWriter.isWritten(line.id) { continue }
      encoder.requestField(
        line.id, name: arena.extracting(line.name.range), value: arena.extracting(line.value.range),
        into: &block)
    }
    if head.acceptsTrailers { encoder.acceptTrailers(into: &block) }
    if case .length(let count) = framing { encoder.number(count, index: 28, into: &block) }
    send(&block, slot, ends: ends, &output)
  }

  /// Reads the response of the stream that a `head` event named; `input` is as it was then.
  public mutating func readResponse(
    slot: Int, method: Method, _ input: Span<UInt8>, into head: inout ResponseHead
  ) -> HTTP2ResponseOutcome {
    var reader = HTTP2ResponseReader(limits: limits.head)
    var fault: StaticString?
    switch block {
    case .none: return .failed("no header block")
    case .input(let range): fault = read(input.extracting(range), &reader, into: &head)
    case .held:
      var bytes: [UInt8] = []
      swap(&bytes, &held)
      fault = read(bytes.span, &reader, into: &head)
      swap(&bytes, &held)
    }
    block = .none
    if let fault { return .failed(fault) }
    let outcome = reader.finish(&head, method: method, ends: blockEnds)
    if case .complete = outcome {
      table.streams[slot].isHeadRead = true
      table.streams[slot].isRemoteClosed = blockEnds
      table.streams[slot].contentRemaining = reader.contentRemaining
    }
    return outcome
  }

  private mutating func read(
    _ block: Span<UInt8>, _ reader: inout HTTP2ResponseReader, into head: inout ResponseHead
  ) -> StaticString? {
    decoder.begin()
    var at = 0
    while true {
      switch decoder.next(block, &at, into: &head.fields.arena, keeps: reader.keeps) {
      case .field(let field): reader.take(field, into: &head)
      case .skipped: break
      case .end: return nil
      case .failed(let reason): return reason
      }
    }
  }

  /// A header block on a stream that is not open.
  mutating func strayedBlock(_ input: Span<UInt8>, _ output: inout ByteBuffer) -> HTTP2Event? {
    if isIdle(blockStream) { return fail(.protocolError, "HEADERS on an idle stream", &output) }
    idleFrames.take(4)
    return skipBlock(input, &output)
  }

  /// Notes that the exchange of a stream is over; what of it is still under way is of no use, and
  /// the server is told so (RFC 9113 §8.1).
  public mutating func finishRequest(_ slot: Int, _ output: inout ByteBuffer) {
    if table.streams[slot].isLocalClosed, table.streams[slot].isRemoteClosed {
      return table.close(slot, .whole)
    }
    reset(slot, .cancel, &output)
  }

  /// Whether the server has sent all of its response.
  public func isResponseWhole(_ slot: Int) -> Bool { table.streams[slot].isRemoteClosed }

  /// Forgets the streams that the server says it has not looked at and never will; returns their
  /// slots. What they asked for may be asked elsewhere (RFC 9113 §6.8).
  public mutating func takeUnserved() -> [Int] {
    let slots = table.slots(above: peerServedMax)
    for slot in slots { table.close(slot, .resetByPeer) }
    return slots
  }

  /// Asks the server to answer, so that its silence tells that it is gone (RFC 9113 §6.7).
  public mutating func sendPing(_ output: inout ByteBuffer) {
    HTTP2FrameHeader(.ping, stream: 0, length: 8).write(into: &output)
    HTTP2FrameHeader.append(0x6761_7465, to: &output)
    HTTP2FrameHeader.append(0, to: &output)
  }

  /// Says goodbye (RFC 9113 §6.8).
  public mutating func sendGoodbye(_ output: inout ByteBuffer) {
    if isFailed { return }
    isFailed = true
    writeGoAway(0, .noError, &output)
  }
}
