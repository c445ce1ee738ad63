public import Base
public import HTTP

/// One loop's part of the access log: writes lines into a block and hands full blocks over.
public final class AccessLogBuffer {
  /// The size of a block, and from when on it is handed over: what is between is room for the
  /// longest line.
  static let blockBytes = 64 * 1024
  static let handOverBytes = blockBytes - LineEncoder.lineBytesMax

  /// Where the lines go.
  public let log: AccessLog
  private var encoder: LineEncoder
  private var lines: UInt64 = 0

  /// A buffer of lines for `log`.
  public init(_ log: AccessLog) {
    self.log = log
    log.attached()
    encoder = LineEncoder(log.format, masking: log.masked)
  }

  deinit {
    flush()
    log.detached()
  }

  /// Hands over what there is.
  public func flush() {
    if encoder.block.isEmpty { return }
    let (count, lines) = (encoder.block.count, self.lines)
    self.lines = 0
    var bytes = encoder.block.takeStorage()
    log.exchange(&bytes, count: count, lines: lines)
    encoder.block = ByteBuffer(reusing: bytes)
  }

  /// Writes one line.
  ///
  /// `requestID` is a slice of the request's arena, or empty; names that do not apply are empty. A
  /// request that was refused before it could be read is an empty head.
  /// `fingerprint` is that of the client's TLS.
  /// `detail` says what exactly was wrong, in words that may hold names of the client's.
  public func append(
    _ record: AccessRecord, request: borrowing RequestHead, requestID: Slice, consumer: [UInt8],
    route: [UInt8], service: [UInt8], upstream: [UInt8], detail: [UInt8],
    fingerprint: [UInt8] = []
  ) {
    encoder.append(
      AccessEntry(
        record: record, requestID: requestID, consumer: consumer.span, route: route.span,
        service: service.span, upstream: upstream.span, detail: detail.span,
        fingerprint: fingerprint.span), request)
    lines += 1
    if encoder.block.count >= AccessLogBuffer.handOverBytes { flush() }
  }
}
