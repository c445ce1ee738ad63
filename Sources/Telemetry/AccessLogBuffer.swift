public import Base
public import HTTP

/// One loop's part of the access log: writes lines into a block and hands full blocks over.
public final class AccessLogBuffer {
  static let blockBytes = 64 * 1024
  private static let lineBytesMax = 16 * 1024

  private let log: AccessLog
  private var block: ByteBuffer
  private var lines: UInt64 = 0
  private var clock: LogClock

  /// A buffer of lines for `log`.
  public init(_ log: AccessLog) {
    self.log = log
    block = ByteBuffer(capacity: AccessLogBuffer.blockBytes)
    clock = LogClock(isCommon: log.format != .json)
  }

  /// Hands over what there is.
  public func flush() {
    if block.isEmpty { return }
    let (count, lines) = (block.count, self.lines)
    self.lines = 0
    block = ByteBuffer(reusing: log.exchange(block.takeStorage(), count: count, lines: lines))
  }

  /// Writes one line.
  public func append(
    _ record: AccessRecord, request: borrowing RequestHead, requestID: Slice, consumer: [UInt8],
    route: [UInt8], service: [UInt8], upstream: [UInt8]
  ) {
    if block.writableCount < AccessLogBuffer.lineBytesMax { flush() }
    if log.format == .json {
      appendJSON(
        record, request: request, requestID: requestID, consumer: consumer, route: route,
        service: service, upstream: upstream)
    } else {
      appendCommon(record, request: request, consumer: consumer)
    }
    block.append(UInt8(ascii: "\n"))
    lines += 1
  }

  private func appendJSON(
    _ record: AccessRecord, request: borrowing RequestHead, requestID: Slice, consumer: [UInt8],
    route: [UInt8], service: [UInt8], upstream: [UInt8]
  ) {
    block.append("{\"time\":\"")
    clock.append(record.wallMilliseconds, to: &block)
    block.append("\",\"client\":\"")
    record.client.write(into: &block)
    block.append("\",\"method\":\"")
    LogText.json(request.fields[request.methodText], max: 32, into: &block)
    block.append("\",\"path\":\"")
    LogText.json(request.fields[request.path], max: 2048, into: &block)
    if request.hasQuery {
      block.append("\",\"query\":\"")
      LogText.query(request.fields[request.query], max: 1024, into: &block)
    }
    block.append(record.isVersion10 ? "\",\"protocol\":\"HTTP/1.0" : "\",\"protocol\":\"HTTP/1.1")
    block.append("\",\"status\":")
    block.append(decimal: record.status)
    appendNumber(",\"bytes_in\":", record.bytesIn)
    appendNumber(",\"bytes_out\":", record.bytesOut)
    appendMilliseconds(",\"duration_ms\":", record.durationMicroseconds)
    appendMilliseconds(",\"upstream_ms\":", record.upstreamMicroseconds)
    appendText(",\"route\":\"", route.span)
    appendText(",\"service\":\"", service.span)
    appendText(",\"consumer\":\"", consumer.span)
    appendText(",\"upstream\":\"", upstream.span)
    if let agent = request.fields.value(.userAgent) {
      appendText(",\"user_agent\":\"", request.fields[agent])
    }
    if !requestID.isEmpty { appendText(",\"request_id\":\"", request.fields[requestID]) }
    if let trace = request.fields.value(.traceparent), trace.count >= 55 {
      let bytes = request.fields[trace]
      appendText(",\"trace_id\":\"", bytes.extracting(3..<35))
    }
    if record.tlsVersion.utf8CodeUnitCount > 0 {
      appendWord(",\"tls\":\"", record.tlsVersion)
      appendWord(",\"cipher\":\"", record.tlsCipher)
    }
    if let problem = record.problem { appendWord(",\"problem\":\"", problem.code) }
    if record.reason.utf8CodeUnitCount > 0 { appendWord(",\"reason\":\"", record.reason) }
    if record.fault != .none { appendWord(",\"fault\":\"", record.fault.name) }
    block.append(UInt8(ascii: "}"))
  }

  private func appendNumber(_ key: StaticString, _ number: UInt64) {
    block.append(key)
    block.append(decimal: UInt(number))
  }

  private func appendMilliseconds(_ key: StaticString, _ microseconds: UInt64) {
    block.append(key)
    block.append(decimal: UInt(microseconds / 1000))
    block.append(UInt8(ascii: "."))
    let rest = UInt(microseconds % 1000)
    if rest < 100 { block.append(UInt8(ascii: "0")) }
    if rest < 10 { block.append(UInt8(ascii: "0")) }
    block.append(decimal: rest)
  }

  private func appendText(_ key: StaticString, _ text: Span<UInt8>) {
    block.append(key)
    LogText.json(text, max: 256, into: &block)
    block.append(UInt8(ascii: "\""))
  }

  private func appendWord(_ key: StaticString, _ word: StaticString) {
    block.append(key)
    block.append(word)
    block.append(UInt8(ascii: "\""))
  }

  private func appendCommon(
    _ record: AccessRecord, request: borrowing RequestHead, consumer: [UInt8]
  ) {
    record.client.write(into: &block)
    block.append(" - ")
    if consumer.isEmpty {
      block.append("-")
    } else {
      LogText.common(consumer.span, max: 128, into: &block)
    }
    block.append(" [")
    clock.append(record.wallMilliseconds, to: &block)
    block.append("] \"")
    LogText.common(request.fields[request.methodText], max: 32, into: &block)
    block.append(" ")
    LogText.common(request.fields[request.path], max: 2048, into: &block)
    block.append(record.isVersion10 ? " HTTP/1.0\" " : " HTTP/1.1\" ")
    block.append(decimal: record.status)
    block.append(" ")
    block.append(decimal: UInt(record.bytesOut))
    guard log.format == .combined else { return }
    block.append(" \"")
    if let from = request.fields.value(.referer) {
      LogText.common(request.fields[from], max: 256, into: &block)
    }
    block.append("\" \"")
    if let agent = request.fields.value(.userAgent) {
      LogText.common(request.fields[agent], max: 256, into: &block)
    }
    block.append("\"")
  }
}
