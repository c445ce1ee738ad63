public import Base
public import HTTP

/// An HTTP/2 connection, as its server or its client: frames in, events and frames out (RFC 9113).
///
/// It has no socket and no clock: bytes are in the caller's buffers, and the time is told.
/// Priorities are read and passed over; what a peer may ask for without end is held to an
/// allowance. What a client alone does stands in `HTTP2Connection+Client.swift`.
public struct HTTP2Connection: ~Copyable {
  /// Where a header block lies that is complete.
  enum Block {
    case none
    /// At these places of the input.
    case input(Range<Int>)
    /// In `held`, gathered from several frames.
    case held
  }

  static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
  static let windowMax = 0x7FFF_FFFF

  let limits: HTTP2Limits
  /// Whether the requests are ours.
  let isClient: Bool
  var table = HTTP2StreamTable()
  var decoder = HPACKDecoder()
  var encoder = HPACKEncoder()
  var resets: HTTP2Allowance
  var idleFrames: HTTP2Allowance

  private var prefaceCount = 0
  /// Whether the peer has said what it allows.
  public private(set) var hasSettings = false
  /// Bytes of the input that the last event was about.
  private var usedCount = 0
  var isFailed = false
  /// Whether the client was asked to send no more requests.
  public internal(set) var isDraining = false
  /// The last stream that is served, once the client was told.
  var servedMax: UInt32 = 0x7FFF_FFFF
  /// The highest stream that was opened.
  public internal(set) var lastStream: UInt32 = 0
  /// The code of the RST_STREAM or GOAWAY that the last event is about.
  public internal(set) var lastCode: UInt32 = 0
  /// The last of our streams that the server says it serves.
  public internal(set) var peerServedMax: UInt32 = 0x7FFF_FFFF
  /// How many streams the server lets us open.
  var peerStreamsMax = Int.max

  // A header block that is under way.
  var block = Block.none
  var held: [UInt8] = []
  var isInBlock = false
  var blockStream: UInt32 = 0
  var blockEnds = false
  var blockFrames = 0

  // Flow control, for all streams together.
  var sendWindow = 65_535
  var receiveWindow: Int
  var uncredited = 0
  var peerInitialWindow = 65_535

  /// A block that is written, before it is cut into frames.
  var written = ByteBuffer()
  /// The trailers of the stream that the last event named.
  public internal(set) var trailers = Fields()

  /// A connection of which nothing was read, as its server or, with `isClient`, as its client.
  public init(limits: HTTP2Limits, isClient: Bool = false) {
    self.limits = limits
    self.isClient = isClient
    if isClient { prefaceCount = Self.preface.utf8CodeUnitCount }
    receiveWindow = limits.connectionWindow
    resets = HTTP2Allowance(most: limits.resetsMax, perSecond: limits.resetsMax / 10)
    idleFrames = HTTP2Allowance(
      most: limits.idleFramesMax, perSecond: limits.idleFramesMax / 20)
  }

  /// How many streams are open.
  public var streamCount: Int { table.count }

  /// Whether a header block or the preface has begun and is not complete.
  public var isMidHead: Bool { isInBlock || !hasSettings }

  /// Whether the client was told that no further stream is served.
  public var isLeaving: Bool { servedMax != 0x7FFF_FFFF }

  /// How many bytes of `input` are the preface of HTTP/2; nil if it begins with something else.
  public static func prefaceCount(of input: Span<UInt8>) -> Int? {
    let wanted = preface.utf8CodeUnitCount
    for index in 0..<min(wanted, input.count) {
      // Safety: the index is below the static string's count.
      guard unsafe input[index] == preface.utf8Start[index] else { return nil }
    }
    return min(wanted, input.count)
  }

  /// Bytes of the whole preface.
  public static var prefaceBytes: Int { preface.utf8CodeUnitCount }

  /// Says what this side allows; before anything else.
  public mutating func begin(_ output: inout ByteBuffer) {
    if isClient { output.append(Self.preface) }
    let count = isClient || limits.takesConnect ? 3 : 2
    HTTP2FrameHeader(.settings, stream: 0, length: 6 * count).write(into: &output)
    if isClient {
      setting(.enablePush, 0, &output)
      setting(.initialWindowSize, UInt32(limits.streamWindow), &output)
    } else {
      if limits.takesConnect { setting(.enableConnect, 1, &output) }
      setting(.concurrentStreamsMax, UInt32(limits.streamsMax), &output)
    }
    setting(.headerListBytesMax, UInt32(limits.head.headBytesMax), &output)
    if limits.connectionWindow > 65_535 {
      windowUpdate(0, limits.connectionWindow - 65_535, &output)
    }
  }

  /// Takes frames from the front of `input` up to the next event.
  ///
  /// What the event names stays in the input until the next call.
  public mutating func next(
    _ input: inout ByteBuffer, _ output: inout ByteBuffer, now: Instant
  ) -> HTTP2Event {
    if usedCount > 0 {
      input.consume(usedCount)
      usedCount = 0
    }
    if isFailed { return .needMore }
    if prefaceCount < Self.preface.utf8CodeUnitCount, !readPreface(&input) {
      return isFailed ? fail(.protocolError, "no preface of HTTP/2", &output) : .needMore
    }
    resets.refill(now: now)
    idleFrames.refill(now: now)
    while true {
      if resets.isOverdrawn { return fail(.enhanceYourCalm, "streams reset in a flood", &output) }
      if idleFrames.isOverdrawn { return fail(.enhanceYourCalm, "flood of frames", &output) }
      guard input.count >= HTTP2FrameHeader.byteCount else { return .needMore }
      let frame = HTTP2FrameHeader(input.readable)
      if frame.length > HTTP2FrameHeader.payloadMax {
        return fail(.frameSizeError, "frame too large", &output)
      }
      let whole = HTTP2FrameHeader.byteCount + frame.length
      guard input.count >= whole else { return .needMore }
      if let event = take(frame, input.readable, &output) {
        usedCount = whole
        return event
      }
      input.consume(whole)
    }
  }

  /// The stream whose DATA has arrived in part, or nil.
  public func partialSlot(_ input: Span<UInt8>) -> Int? {
    guard input.count >= HTTP2FrameHeader.byteCount else { return nil }
    let frame = HTTP2FrameHeader(input)
    return frame.type == HTTP2FrameHeader.Kind.data.rawValue ? table.slot(of: frame.stream) : nil
  }

  private mutating func readPreface(_ input: inout ByteBuffer) -> Bool {
    while !input.isEmpty, prefaceCount < Self.preface.utf8CodeUnitCount {
      // Safety: the index is below the static string's count.
      guard unsafe input.readable[0] == Self.preface.utf8Start[prefaceCount] else {
        isFailed = true
        return false
      }
      input.consume(1)
      prefaceCount += 1
    }
    return prefaceCount == Self.preface.utf8CodeUnitCount
  }

  private mutating func take(
    _ frame: HTTP2FrameHeader, _ bytes: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    let kind = HTTP2FrameHeader.Kind(rawValue: frame.type)
    if !hasSettings {
      guard kind == .settings, !frame.has(HTTP2FrameHeader.Flag.acknowledgement) else {
        return fail(.protocolError, "no SETTINGS at the start", &output)
      }
      hasSettings = true
    }
    if isInBlock, kind != .continuation || frame.stream != blockStream {
      return fail(.protocolError, "frame inside a header block", &output)
    }
    let start = HTTP2FrameHeader.byteCount
    let payload = bytes.extracting(start..<start + frame.length)
    switch kind {
    case .data: return data(frame, payload, &output)
    case .headers: return headers(frame, payload, bytes, &output)
    case .continuation: return continuation(frame, payload, bytes, &output)
    case .priority: return priority(frame, &output)
    case .rstStream: return rstStream(frame, payload, &output)
    case .settings: return settings(frame, payload, &output)
    case .ping: return ping(frame, payload, &output)
    case .goAway: return goAway(frame, payload, &output)
    case .windowUpdate: return windowUpdate(frame, payload, &output)
    case .pushPromise: return fail(.protocolError, "PUSH_PROMISE that nobody takes", &output)
    case nil:
      idleFrames.take(1)
      return nil
    }
  }

  // MARK: Content

  private mutating func data(
    _ frame: HTTP2FrameHeader, _ payload: Span<UInt8>, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    guard frame.stream != 0 else { return fail(.protocolError, "DATA on stream 0", &output) }
    guard let content = content(frame, payload) else {
      return fail(.protocolError, "padding of DATA", &output)
    }
    receiveWindow -= frame.length
    if receiveWindow < 0 { return fail(.flowControlError, "more content than allowed", &output) }
    guard let slot = table.slot(of: frame.stream) else {
      discard(frame.length, &output)
      return strayed(frame.stream, &output)
    }
    if table.streams[slot].isRemoteClosed {
      discard(frame.length, &output)
      return failed(slot, .streamClosed, "DATA behind the end of the stream", &output)
    }
    if isClient, !table.streams[slot].isHeadRead {
      discard(frame.length, &output)
      return failed(slot, .protocolError, "DATA before the head of the response", &output)
    }
    table.streams[slot].receiveWindow -= frame.length
    if table.streams[slot].receiveWindow < 0 {
      discard(frame.length, &output)
      return failed(slot, .flowControlError, "more content than allowed", &output)
    }
    let ends = frame.has(HTTP2FrameHeader.Flag.endStream)
    if content.isEmpty, !ends { idleFrames.take(4) } else { idleFrames.earn(2) }
    if let fault = note(content.count, ends: ends, of: slot) {
      discard(frame.length, &output)
      return failed(slot, .protocolError, fault, &output)
    }
    if !isClient, table.streams[slot].isLocalClosed {
      discard(frame.length, &output)
      if ends { table.close(slot, .whole) }
      return nil
    }
    let padding = frame.length - content.count
    if padding > 0 { credit(slot, padding, &output) }
    if content.isEmpty, !ends { return nil }
    let start = HTTP2FrameHeader.byteCount + content.lowerBound
    return .content(slot: slot, start..<start + content.count, ends: ends)
  }

  /// Holds content against what was announced (RFC 9113 §8.1.1).
  mutating func note(_ count: Int, ends: Bool, of slot: Int) -> StaticString? {
    let announced = table.streams[slot].contentRemaining
    if announced >= 0 {
      if count > announced { return "more content than content-length" }
      table.streams[slot].contentRemaining = announced - count
      if ends, count < announced { return "less content than content-length" }
    }
    if ends { table.streams[slot].isRemoteClosed = true }
    return nil
  }

  /// What of a payload is not padding; nil if the padding is longer than there is room for.
  func content(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) -> Range<Int>? {
    guard frame.has(HTTP2FrameHeader.Flag.padded) else { return 0..<payload.count }
    guard payload.count > 0 else { return nil }
    let end = payload.count - Int(payload[0])
    return end >= 1 ? 1..<end : nil
  }

  /// A frame of a stream that is not open (RFC 9113 §5.1).
  func isIdle(_ stream: UInt32) -> Bool { stream > lastStream || stream & 1 == 0 }

  private mutating func strayed(
    _ stream: UInt32, _ output: inout ByteBuffer
  ) -> HTTP2Event? {
    if isIdle(stream) { return fail(.protocolError, "frame on an idle stream", &output) }
    idleFrames.take(1)
    // It may have been on its way before the other side knew.
    if table.ending(of: stream) == .resetByUs { return nil }
    // What a server says of a request that is over was on its way, too (RFC 9113 §5.1).
    if isClient { return nil }
    return fail(.streamClosed, "frame on a closed stream", &output)
  }

  // MARK: Ends

  /// Resets a stream that broke a rule; that counts, whoever made us do it (CVE-2025-8671).
  mutating func failed(
    _ slot: Int, _ code: HTTP2ErrorCode, _ reason: StaticString, _ output: inout ByteBuffer
  ) -> HTTP2Event {
    if isClient { resets.take(1) }
    reset(slot, code, &output)
    return .streamFailed(slot: slot, reason)
  }

  /// Ends a stream before its time.
  public mutating func reset(
    _ slot: Int, _ code: HTTP2ErrorCode, _ output: inout ByteBuffer
  ) {
    let stream = table.streams[slot]
    // Requests of our own that are given up are nobody's flood.
    if !stream.isLocalClosed, !isClient { resets.take(1) }
    writeReset(stream.id, code, &output)
    table.close(slot, .resetByUs)
  }

  func writeReset(_ stream: UInt32, _ code: HTTP2ErrorCode, _ output: inout ByteBuffer) {
    HTTP2FrameHeader(.rstStream, stream: stream, length: 4).write(into: &output)
    HTTP2FrameHeader.append(code.rawValue, to: &output)
  }

  /// Ends the connection, which then takes nothing more.
  public mutating func fail(
    _ code: HTTP2ErrorCode, _ reason: StaticString, _ output: inout ByteBuffer
  ) -> HTTP2Event {
    isFailed = true
    writeGoAway(lastStream, code, &output)
    return .failed(reason)
  }

  func writeGoAway(_ last: UInt32, _ code: HTTP2ErrorCode, _ output: inout ByteBuffer) {
    HTTP2FrameHeader(.goAway, stream: 0, length: 8).write(into: &output)
    HTTP2FrameHeader.append(last, to: &output)
    HTTP2FrameHeader.append(code.rawValue, to: &output)
  }
}
