public import Base

/// Frames about the connection itself, and about streams as a whole.
extension HTTP2Connection {
  /// Parameters of SETTINGS (RFC 9113 §6.5.2).
  enum Setting: UInt16 {
    case headerTableSize = 1
    case enablePush, concurrentStreamsMax, initialWindowSize, frameBytesMax, headerListBytesMax
    case enableConnect = 8
  }

  /// What a PING of ours holds that asks whether the client has read the GOAWAY before it.
  static let drainMark: UInt32 = 0x6761_7465

  func setting(_ setting: Setting, _ value: UInt32, _ output: inout ByteBuffer) {
    output.append(UInt8(setting.rawValue >> 8))
    output.append(UInt8(setting.rawValue & 0xFF))
    HTTP2FrameHeader.append(value, to: &output)
  }

  mutating func priority(
    _ frame: HTTP2FrameHeader, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if frame.stream == 0 { return fail(.protocolError, "PRIORITY on stream 0", &output) }
    idleFrames.take(1)
    if frame.length == 5 { return nil }
    if let slot = table.slot(of: frame.stream) {
      return failed(slot, .frameSizeError, "PRIORITY of another size", &output)
    }
    return fail(.frameSizeError, "PRIORITY of another size", &output)
  }

  mutating func rstStream(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if frame.stream == 0 { return fail(.protocolError, "RST_STREAM on stream 0", &output) }
    if frame.length != 4 { return fail(.frameSizeError, "RST_STREAM of another size", &output) }
    guard let slot = table.slot(of: frame.stream) else {
      if isIdle(frame.stream) { return fail(.protocolError, "RST_STREAM when idle", &output) }
      idleFrames.take(1)
      return nil
    }
    lastCode = HTTP2FrameHeader.word(payload, 0)
    // Each made us begin work for nothing (CVE-2023-44487), unless the answer is out. Each that a
    // server sends has cost us a request, of which we send no more than clients ask for.
    if isClient || table.streams[slot].isLocalClosed { idleFrames.take(1) } else { resets.take(1) }
    table.close(slot, .resetByPeer)
    return .reset(slot: slot)
  }

  mutating func settings(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if frame.stream != 0 { return fail(.protocolError, "SETTINGS on a stream", &output) }
    if frame.has(HTTP2FrameHeader.Flag.acknowledgement) {
      if frame.length != 0 {
        return fail(.frameSizeError, "acknowledgement with settings", &output)
      }
      idleFrames.take(1)
      return nil
    }
    if frame.length % 6 != 0 { return fail(.frameSizeError, "SETTINGS of another size", &output) }
    idleFrames.take(10 + frame.length / 6)
    // Before the first of a server nothing was asked of it.
    var opens = isClient
    for at in stride(from: 0, to: payload.count, by: 6) {
      let number = UInt16(payload[at]) << 8 | UInt16(payload[at + 1])
      let value = Int(HTTP2FrameHeader.word(payload, at + 2))
      guard let setting = Setting(rawValue: number) else { continue }
      if let (code, reason) = adopt(setting, value, &opens) { return fail(code, reason, &output) }
    }
    HTTP2FrameHeader(
      .settings, flags: HTTP2FrameHeader.Flag.acknowledgement, stream: 0, length: 0
    ).write(into: &output)
    return opens ? .room : nil
  }

  private mutating func adopt(
    _ setting: Setting, _ value: Int, _ opens: inout Bool
  ) -> (HTTP2ErrorCode, StaticString)? {
    switch setting {
    case .headerTableSize: encoder.limit(value)
    case .enablePush:
      // No server may say so (RFC 9113 §6.5.2).
      if value > (isClient ? 0 : 1) { return (.protocolError, "ENABLE_PUSH") }
    case .initialWindowSize:
      if value > Self.windowMax { return (.flowControlError, "INITIAL_WINDOW_SIZE") }
      let change = value - peerInitialWindow
      peerInitialWindow = value
      if change > 0 { opens = true }
      if !table.widen(by: change, most: Self.windowMax) {
        return (.flowControlError, "window of a stream too large")
      }
    case .frameBytesMax:
      if value < HTTP2FrameHeader.payloadMax || value > 0xFF_FFFF {
        return (.protocolError, "MAX_FRAME_SIZE")
      }
    case .enableConnect: if value > 1 { return (.protocolError, "ENABLE_CONNECT_PROTOCOL") }
    case .concurrentStreamsMax:
      if isClient {
        if value > peerStreamsMax { opens = true }
        peerStreamsMax = value
      }
    case .headerListBytesMax: break
    }
    return nil
  }

  mutating func ping(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if frame.stream != 0 { return fail(.protocolError, "PING on a stream", &output) }
    if frame.length != 8 { return fail(.frameSizeError, "PING of another size", &output) }
    idleFrames.take(4)
    if frame.has(HTTP2FrameHeader.Flag.acknowledgement) {
      guard isDraining, !isLeaving, HTTP2FrameHeader.word(payload, 0) == Self.drainMark else {
        return nil
      }
      leave(&output)
      return .leaves
    }
    HTTP2FrameHeader(
      .ping, flags: HTTP2FrameHeader.Flag.acknowledgement, stream: 0, length: 8
    ).write(into: &output)
    output.append(payload)
    return nil
  }

  mutating func goAway(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if frame.stream != 0 { return fail(.protocolError, "GOAWAY on a stream", &output) }
    if frame.length < 8 { return fail(.frameSizeError, "GOAWAY too short", &output) }
    idleFrames.take(10)
    peerServedMax = min(peerServedMax, HTTP2FrameHeader.word(payload, 0) & 0x7FFF_FFFF)
    lastCode = HTTP2FrameHeader.word(payload, 4)
    return .leaves
  }

  // MARK: Windows

  mutating func windowUpdate(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if frame.length != 4 { return fail(.frameSizeError, "WINDOW_UPDATE of another size", &output) }
    let change = Int(HTTP2FrameHeader.word(payload, 0) & 0x7FFF_FFFF)
    idleFrames.take(1)
    if frame.stream == 0 {
      if change == 0 { return fail(.protocolError, "WINDOW_UPDATE of nothing", &output) }
      sendWindow += change
      if sendWindow > Self.windowMax {
        return fail(.flowControlError, "window of the connection too large", &output)
      }
      return .room
    }
    guard let slot = table.slot(of: frame.stream) else {
      if isIdle(frame.stream) { return fail(.protocolError, "WINDOW_UPDATE when idle", &output) }
      return nil
    }
    if change == 0 { return failed(slot, .protocolError, "WINDOW_UPDATE of nothing", &output) }
    table.streams[slot].sendWindow += change
    if table.streams[slot].sendWindow > Self.windowMax {
      return failed(slot, .flowControlError, "window of the stream too large", &output)
    }
    return .room
  }

  func windowUpdate(_ stream: UInt32, _ change: Int, _ output: inout ByteBuffer) {
    HTTP2FrameHeader(.windowUpdate, stream: stream, length: 4).write(into: &output)
    HTTP2FrameHeader.append(UInt32(change), to: &output)
  }

  /// Content of a stream was used: the client may send as much again.
  public mutating func credit(_ slot: Int, _ count: Int, _ output: inout ByteBuffer) {
    discard(count, &output)
    if table.streams[slot].isRemoteClosed { return }
    table.streams[slot].uncredited += count
    var due = table.streams[slot].uncredited
    let window = table.streams[slot].window
    if due < window / 2 { return }
    // Who takes content gets more of it.
    due += limits.streamWindowMax - window
    table.streams[slot].window = limits.streamWindowMax
    table.streams[slot].uncredited = 0
    table.streams[slot].receiveWindow += due
    windowUpdate(table.streams[slot].id, due, &output)
  }

  /// Content of a stream that is gone was thrown away.
  public mutating func discard(_ count: Int, _ output: inout ByteBuffer) {
    uncredited += count
    if uncredited < limits.connectionWindow / 2 { return }
    windowUpdate(0, uncredited, &output)
    receiveWindow += uncredited
    uncredited = 0
  }

  // MARK: Leaving

  /// Asks the client to send no more requests; those under way, and those that it sends before it
  /// has read this, are served (RFC 9113 §6.8).
  public mutating func drain(_ output: inout ByteBuffer) {
    if isDraining || isFailed { return }
    isDraining = true
    writeGoAway(0x7FFF_FFFF, .noError, &output)
    HTTP2FrameHeader(.ping, stream: 0, length: 8).write(into: &output)
    HTTP2FrameHeader.append(Self.drainMark, to: &output)
    HTTP2FrameHeader.append(0, to: &output)
  }

  /// Says which stream is the last that is served.
  public mutating func leave(_ output: inout ByteBuffer) {
    if isLeaving || isFailed { return }
    isDraining = true
    servedMax = lastStream
    writeGoAway(lastStream, .noError, &output)
  }
}
