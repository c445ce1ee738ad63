public import Base
public import HTTP

/// What goes to the client.
extension HTTP2Connection {
  /// Writes a response's head, in as many frames as it takes; `ends` if no content follows.
  ///
  /// The length is told where the client could not know it else: it is that of the content which
  /// follows, or of what HEAD leaves out.
  public mutating func sendHead(
    _ slot: Int, _ head: borrowing ResponseHead, reply: borrowing Fields, length: Int?, ends: Bool,
    into output: inout ByteBuffer
  ) {
    var block = takeBlock()
    encoder.status(head.status, into: &block)
    fields(head.fields, into: &block)
    fields(reply, into: &block)
    if let length { encoder.number(length, index: 28, into: &block) }
    send(&block, slot, ends: ends, &output)
  }

  /// Writes an interim response without fields (RFC 9113 §8.1).
  public mutating func sendInterim(_ slot: Int, status: Int, into output: inout ByteBuffer) {
    var block = takeBlock()
    encoder.status(status, into: &block)
    send(&block, slot, ends: false, &output)
  }

  /// Writes the trailers, which end the stream.
  public mutating func sendTrailers(
    _ slot: Int, _ trailers: borrowing Fields, into output: inout ByteBuffer
  ) {
    var block = takeBlock()
    fields(trailers, into: &block)
    send(&block, slot, ends: true, &output)
  }

  mutating func takeBlock() -> ByteBuffer {
    var block = ByteBuffer()
    swap(&block, &written)
    block.clear()
    encoder.begin(into: &block)
    return block
  }

  private mutating func fields(_ fields: borrowing Fields, into block: inout ByteBuffer) {
    let lines = fields.lines.span
    let arena = fields.arena.span
    for index in lines.indices {
      let line = lines[index]
      if line.name.isEmpty || !HeadWriter.isWritten(line.id) { continue }
      encoder.field(
        line.id, name: arena.extracting(line.name.range), value: arena.extracting(line.value.range),
        into: &block)
    }
  }

  mutating func send(
    _ block: inout ByteBuffer, _ slot: Int, ends: Bool, _ output: inout ByteBuffer
  ) {
    let stream = table.streams[slot].id
    var kind = HTTP2FrameHeader.Kind.headers
    repeat {
      let count = min(block.count, HTTP2FrameHeader.payloadMax)
      var flags: UInt8 = kind == .headers && ends ? HTTP2FrameHeader.Flag.endStream : 0
      if count == block.count { flags |= HTTP2FrameHeader.Flag.endHeaders }
      HTTP2FrameHeader(kind, flags: flags, stream: stream, length: count).write(into: &output)
      output.append(block.readable.extracting(first: count))
      block.consume(count)
      kind = .continuation
    } while !block.isEmpty
    swap(&block, &written)
    if ends { table.streams[slot].isLocalClosed = true }
  }

  /// How much content of a stream may be sent now, in one frame.
  public func room(_ slot: Int) -> Int {
    max(0, min(table.streams[slot].sendWindow, sendWindow, HTTP2FrameHeader.payloadMax))
  }

  /// How much content of a stream the client would take.
  public func window(_ slot: Int) -> Int { min(table.streams[slot].sendWindow, sendWindow) }

  /// Writes content, for which there is room, as one frame.
  public mutating func sendContent(
    _ slot: Int, _ content: Span<UInt8>, ends: Bool, into output: inout ByteBuffer
  ) {
    precondition(content.count <= room(slot), "more content than there is room for")
    table.streams[slot].sendWindow -= content.count
    sendWindow -= content.count
    if ends { table.streams[slot].isLocalClosed = true }
    // Who takes content says so, some in pieces of 4 KiB, for the stream and for the connection.
    if !content.isEmpty { idleFrames.earn(10) }
    HTTP2FrameHeader(
      .data, flags: ends ? HTTP2FrameHeader.Flag.endStream : 0, stream: table.streams[slot].id,
      length: content.count
    ).write(into: &output)
    output.append(content)
  }

  /// Notes that the exchange of a stream is over, whose response is whole.
  ///
  /// What a client still sends of its request is taken and dropped, up to the stream's window,
  /// until `deadline`. A reset right behind the response would have some clients, curl 7.88 among
  /// them, drop that too, though RFC 9113 §8.1 forbids it; so that comes later, by `endLingering`.
  public mutating func finish(_ slot: Int, lingersUntil deadline: Instant) {
    precondition(table.streams[slot].isLocalClosed, "a stream finished before its response")
    if table.streams[slot].isRemoteClosed { return table.close(slot, .whole) }
    table.streams[slot].lingersUntil = deadline
  }

  /// Whether a client still sends a request that was answered.
  public var isLingering: Bool { table.firstLingering(until: .distantFuture) != nil }

  /// Tells a client which still sends requests that were answered, and whose time is over, that
  /// nobody reads them (RFC 9113 §8.1).
  public mutating func endLingering(now: Instant, _ output: inout ByteBuffer) {
    while let slot = table.firstLingering(until: now) { reset(slot, .noError, &output) }
  }

  /// Whether the response's end was sent.
  public func isEnded(_ slot: Int) -> Bool { table.streams[slot].isLocalClosed }

  /// Whether the client has sent all of its request.
  public func isRequestWhole(_ slot: Int) -> Bool { table.streams[slot].isRemoteClosed }
}
