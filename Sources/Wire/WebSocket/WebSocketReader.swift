public import Base
public import HTTP

/// Looks at the frames of one direction of a WebSocket as they pass (RFC 6455 §5).
///
/// Nothing is copied and nothing changed: it says how many bytes at the front of the input may go
/// on. A frame's header goes on whole or not at all, so that there is always a place between
/// frames at which the gateway may say goodbye.
public struct WebSocketReader: Sendable {
  /// What stands at the front of the input.
  public struct Finding: Sendable {
    /// Bytes that may go on.
    public var count = 0
    /// What is wrong behind them, with the code that both sides are told (RFC 6455 §7.4.1).
    public var fault: (code: UInt16, reason: StaticString)?
  }

  private let limits: WebSocketLimits
  private let isFromClient: Bool
  private var remaining = 0
  private var isInMessage = false
  private var messageBytes = 0
  private var fragments = 0
  private var control: HTTP2Allowance
  /// Whether the side has said goodbye: nothing may follow.
  public private(set) var hasClosed = false

  /// A reader for frames of the client, or of the server.
  public init(limits: WebSocketLimits, isFromClient: Bool) {
    self.limits = limits
    self.isFromClient = isFromClient
    control = HTTP2Allowance(
      most: limits.controlFramesMax, perSecond: max(1, limits.controlFramesMax / 10))
  }

  /// Whether the last byte that was let through is the last of a frame.
  public var isBetweenFrames: Bool { remaining == 0 }

  /// Looks at input that begins where the last finding ended.
  public mutating func read(_ bytes: Span<UInt8>, now: Instant) -> Finding {
    var finding = Finding()
    control.refill(now: now)
    while finding.count < bytes.count {
      if remaining > 0 {
        let step = min(remaining, bytes.count - finding.count)
        remaining -= step
        finding.count += step
        continue
      }
      let rest = bytes.extracting(finding.count...)
      guard let length = headerLength(rest) else { break }
      if let fault = header(rest, length) {
        finding.fault = fault
        break
      }
      finding.count += length
    }
    return finding
  }

  /// How long the header is; nil if it is not all there.
  private func headerLength(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count >= 2 else { return nil }
    let size = bytes[1] & 0x7F
    let length = 2 + (size == 126 ? 2 : size == 127 ? 8 : 0) + (bytes[1] & 0x80 != 0 ? 4 : 0)
    return bytes.count >= length ? length : nil
  }

  private mutating func header(
    _ bytes: Span<UInt8>, _ length: Int
  ) -> (code: UInt16, reason: StaticString)? {
    if hasClosed { return (1002, "frame behind the close") }
    // No extension was agreed on, so that none of these bits means anything.
    if bytes[0] & 0x70 != 0 { return (1002, "reserved bits in a frame") }
    if (bytes[1] & 0x80 != 0) != isFromClient { return (1002, "frame masked by the wrong side") }
    guard let count = content(bytes) else { return (1002, "length of a frame") }
    let isFinal = bytes[0] & 0x80 != 0
    if count == 0 || bytes[0] & 0x08 != 0 { control.take(1) }
    if control.isOverdrawn { return (1008, "flood of empty or control frames") }
    switch bytes[0] & 0x0F {
    case 0x0:
      if !isInMessage { return (1002, "continuation of no message") }
      if let fault = grow(count) { return fault }
      isInMessage = !isFinal
    case 0x1, 0x2:
      if isInMessage { return (1002, "message within a message") }
      (messageBytes, fragments) = (0, 0)
      if let fault = grow(count) { return fault }
      isInMessage = !isFinal
    case 0x8, 0x9, 0xA:
      if !isFinal || count > 125 { return (1002, "control frame too large or in pieces") }
      hasClosed = bytes[0] & 0x0F == 0x8
    default: return (1002, "unknown frame")
    }
    remaining = count
    return nil
  }

  /// The length of the content, in the shortest form, as RFC 6455 §5.2 asks.
  private func content(_ bytes: Span<UInt8>) -> Int? {
    let size = Int(bytes[1] & 0x7F)
    if size < 126 { return size }
    var count = 0
    for index in 2..<(size == 126 ? 4 : 10) { count = count << 8 | Int(bytes[index]) }
    return count >= (size == 126 ? 126 : 65_536) ? count : nil
  }

  private mutating func grow(_ count: Int) -> (code: UInt16, reason: StaticString)? {
    if count > limits.frameBytesMax { return (1009, "frame too large") }
    messageBytes += count
    fragments += 1
    if messageBytes > limits.messageBytesMax { return (1009, "message too large") }
    return fragments > limits.fragmentsMax ? (1008, "message in too many frames") : nil
  }

  /// Appends a close frame for the client, or for the server, whose key may be any.
  public static func close(
    _ code: UInt16, toClient: Bool, key: UInt32, into output: inout ByteBuffer
  ) {
    output.append(0x88)
    output.append(toClient ? 2 : 0x82)
    let text = [UInt8(code >> 8), UInt8(code & 0xFF)]
    if toClient { return output.append(text) }
    HTTP2FrameHeader.append(key, to: &output)
    output.append(text[0] ^ UInt8(key >> 24))
    output.append(text[1] ^ UInt8(key >> 16 & 0xFF))
  }
}
