import Base
public import HTTP

/// Header blocks: requests and trailers.
extension HTTP2Connection {
  mutating func headers(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ bytes: Span<UInt8>,
    _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    guard frame.stream & 1 == 1 else {
      return fail(.protocolError, "HEADERS on a stream that no client has", &output)
    }
    guard var content = content(frame, payload) else {
      return fail(.protocolError, "padding of HEADERS", &output)
    }
    if frame.has(HTTP2FrameHeader.Flag.priority) {
      guard content.count >= 5 else { return fail(.frameSizeError, "HEADERS too short", &output) }
      content = content.lowerBound + 5..<content.upperBound
    }
    blockStream = frame.stream
    blockEnds = frame.has(HTTP2FrameHeader.Flag.endStream)
    blockFrames = 1
    if frame.has(HTTP2FrameHeader.Flag.endHeaders) {
      let start = HTTP2FrameHeader.byteCount
      block = .input(start + content.lowerBound..<start + content.upperBound)
      return blockComplete(bytes, &output)
    }
    isInBlock = true
    held.removeAll(keepingCapacity: true)
    return hold(payload.extracting(content), &output)
  }

  mutating func continuation(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ bytes: Span<UInt8>,
    _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    guard isInBlock else {
      return fail(.protocolError, "CONTINUATION without HEADERS", &output)
    }
    blockFrames += 1
    if payload.isEmpty { idleFrames.take(16) }
    // The rest of the block cannot be skipped: the table would be out of step (CVE-2024-27316).
    if blockFrames > limits.continuationsMax {
      return fail(.enhanceYourCalm, "header block in too many frames", &output)
    }
    if let event = hold(payload, &output) { return event }
    guard frame.has(HTTP2FrameHeader.Flag.endHeaders) else { return nil }
    isInBlock = false
    block = .held
    return blockComplete(bytes, &output)
  }

  private mutating func hold(_ part: Span<UInt8>, _ output: inout ByteBuffer) -> HTTP2Event? {
    if held.count + part.count > 2 * limits.head.headBytesMax {
      return fail(.enhanceYourCalm, "header block too large", &output)
    }
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe part.withUnsafeBufferPointer { unsafe held.append(contentsOf: $0) }
    return nil
  }

  private mutating func blockComplete(
    _ bytes: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    let id = blockStream
    if let slot = table.slot(of: id) {
      if isClient, !table.streams[slot].isHeadRead { return .head(slot: slot) }
      return trailers(of: slot, bytes, &output)
    }
    if isClient { return strayedBlock(bytes, &output) }
    if id <= lastStream {
      switch table.ending(of: id) {
      case .resetByUs:
        idleFrames.take(4)
        return skipBlock(bytes, &output)
      case .whole, .resetByPeer: return fail(.streamClosed, "HEADERS on a closed stream", &output)
      case nil: return fail(.protocolError, "stream number that was passed over", &output)
      }
    }
    lastStream = id
    idleFrames.earn(8)
    // A request is worth more than the rest of one that was answered.
    if table.count >= limits.streamsMax, let slot = table.firstLingering(until: .distantFuture) {
      reset(slot, .noError, &output)
    }
    if id > servedMax || table.count >= limits.streamsMax {
      if id <= servedMax {
        idleFrames.take(16)
        writeReset(id, .refusedStream, &output)
      }
      table.note(id, .resetByUs)
      return skipBlock(bytes, &output)
    }
    let slot = table.open(
      HTTP2StreamTable.Stream(
        id: id, sendWindow: peerInitialWindow, receiveWindow: limits.streamWindow,
        window: limits.streamWindow,
        isRemoteClosed: blockEnds))
    return .head(slot: slot)
  }

  /// Reads the request of the stream that a `head` event named; `input` is as it was then.
  public mutating func readHead(
    slot: Int, _ input: Span<UInt8>, into head: inout RequestHead
  ) -> HTTP2Head {
    var reader = HTTP2HeadReader(limits: limits.head, takesConnect: limits.takesConnect)
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
    let outcome = reader.finish(&head, ends: blockEnds)
    if !blockEnds, let length = reader.announcedLength {
      table.streams[slot].contentRemaining = length
    }
    return outcome
  }

  /// Reads all fields, whatever is wrong with one of them; why the block itself cannot be read.
  private mutating func read(
    _ block: Span<UInt8>, _ reader: inout HTTP2HeadReader, into head: inout RequestHead
  ) -> StaticString? {
    decoder.begin()
    var at = 0
    while true {
      switch decoder.next(block, &at, into: &head.fields.arena, keeps: reader.keeps) {
      case .field(let field): reader.take(field, into: &head)
      case .skipped(let count): reader.skip(count)
      case .end: return nil
      case .failed(let reason): return reason
      }
    }
  }

  /// Reads a block for the table's sake alone.
  mutating func skipBlock(
    _ input: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    var nowhere = RequestHead()
    var reader = HTTP2HeadReader(limits: limits.head, takesConnect: false)
    reader.close()
    var fault: StaticString?
    switch block {
    case .none: return nil
    case .input(let range): fault = read(input.extracting(range), &reader, into: &nowhere)
    case .held:
      var bytes: [UInt8] = []
      swap(&bytes, &held)
      fault = read(bytes.span, &reader, into: &nowhere)
      swap(&bytes, &held)
    }
    block = .none
    return fault.map { fail(.compressionError, $0, &output) }
  }

  // MARK: Trailers

  private mutating func trailers(
    of slot: Int, _ input: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if table.streams[slot].isRemoteClosed {
      return fail(.streamClosed, "HEADERS behind the end of the stream", &output)
    }
    trailers.clear()
    var outcome: TrailerOutcome
    switch block {
    case .none: return nil
    case .input(let range): outcome = readTrailers(input.extracting(range))
    case .held:
      var bytes: [UInt8] = []
      swap(&bytes, &held)
      outcome = readTrailers(bytes.span)
      swap(&bytes, &held)
    }
    block = .none
    if !blockEnds, case .fine = outcome { outcome = .malformed("trailers that do not end") }
    switch outcome {
    case .unreadable(let reason): return fail(.compressionError, reason, &output)
    case .malformed(let reason): return failed(slot, .protocolError, reason, &output)
    case .fine: break
    }
    if let fault = note(0, ends: true, of: slot) {
      return failed(slot, .protocolError, fault, &output)
    }
    if !isClient, table.streams[slot].isLocalClosed {
      table.close(slot, .whole)
      return nil
    }
    return .trailers(slot: slot)
  }

  private enum TrailerOutcome {
    case fine
    case malformed(StaticString)
    case unreadable(StaticString)
  }

  private mutating func readTrailers(_ block: Span<UInt8>) -> TrailerOutcome {
    decoder.begin()
    var at = 0
    var size = 0
    var fault: StaticString?
    while true {
      switch decoder.next(block, &at, into: &trailers.arena, keeps: fault == nil) {
      case .end: return fault.map { .malformed($0) } ?? .fine
      case .failed(let reason): return .unreadable(reason)
      case .skipped: break
      case .field(let field):
        size += field.listBytes
        if size > limits.trailerBytesMax || trailers.lines.count >= limits.trailerCountMax {
          fault = "trailers too large"
        }
        let line = FieldLine(name: field.name, value: field.value, id: field.mark.id)
        if field.mark.pseudo != .none { fault = "pseudo-header in the trailers" }
        if let found = field.mark.fault { fault = found }
        if fault == nil, !TrailerRule.allows(line, in: trailers) {
          // From an upstream it is left out, as it is with HTTP/1.1.
          if isClient { continue }
          fault = "field that may not be a trailer"
        }
        trailers.lines.append(line)
      }
    }
  }
}
