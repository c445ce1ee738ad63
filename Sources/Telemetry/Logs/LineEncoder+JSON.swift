import Base
import HTTP

extension LineEncoder {
  /// Appends an object; what is not known is left out, save what every line has.
  mutating func appendJSON(_ entry: borrowing AccessEntry, _ request: borrowing RequestHead) {
    let record = entry.record
    block.append("{\"time\":\"")
    clock.append(record.wallMilliseconds, to: &block)
    block.append("\",\"client\":\"")
    record.client.write(into: &block)
    block.append("\"")
    appendRequest(request, isVersion10: record.isVersion10)
    block.append(",\"status\":")
    block.append(decimal: record.status)
    append(",\"bytes_in\":", record.bytesIn)
    append(",\"bytes_out\":", record.bytesOut)
    append(",\"duration_ms\":", microseconds: record.durationMicroseconds)
    append(",\"upstream_ms\":", microseconds: record.upstreamMicroseconds)
    append(",\"route\":", entry.route.span)
    append(",\"service\":", entry.service.span)
    append(",\"consumer\":", entry.consumer.span)
    append(",\"upstream\":", entry.upstream.span)
    appendFields(request, entry.requestID)
    if record.tlsVersion.utf8CodeUnitCount > 0 {
      append(",\"tls\":\"", record.tlsVersion)
      append(",\"cipher\":\"", record.tlsCipher)
    }
    if let problem = record.problem { append(",\"problem\":\"", problem.code) }
    if record.reason.utf8CodeUnitCount > 0 { append(",\"reason\":\"", record.reason) }
    if record.fault != .none { append(",\"fault\":\"", record.fault.name) }
    block.append("}")
  }

  /// What the request line said; all of it empty when there was none that could be read.
  private mutating func appendRequest(_ request: borrowing RequestHead, isVersion10: Bool) {
    block.append(",\"method\":")
    LogText.json(
      request.fields[request.methodText], max: LineEncoder.methodBytesMax, into: &block)
    block.append(",\"path\":")
    LogText.json(request.fields[request.path], max: LineEncoder.pathBytesMax, into: &block)
    if request.hasQuery {
      scratch.clear()
      LogText.query(
        request.fields[request.query], max: LineEncoder.queryBytesMax, masking: masked,
        into: &scratch)
      block.append(",\"query\":")
      LogText.json(scratch, max: 2 * LineEncoder.queryBytesMax, into: &block)
    }
    if request.methodText.isEmpty {
      block.append(",\"protocol\":\"\"")
    } else {
      block.append(",\"protocol\":\"HTTP/1.")
      block.append(isVersion10 ? "0\"" : "1\"")
    }
  }

  private mutating func appendFields(_ request: borrowing RequestHead, _ requestID: Slice) {
    if let agent = request.fields.value(.userAgent) {
      if masked.covers(field: "user-agent") {
        block.append(",\"user_agent\":\"***\"")
      } else {
        append(",\"user_agent\":", request.fields[agent])
      }
    }
    if let from = request.fields.value(.referer) {
      appendReferer(request.fields[from])
      block.append(",\"referer\":")
      LogText.json(scratch, max: LineEncoder.textBytesMax, into: &block)
    }
    if !requestID.isEmpty {
      if masked.covers(field: "x-request-id") {
        block.append(",\"request_id\":\"***\"")
      } else {
        append(",\"request_id\":", request.fields[requestID])
      }
    }
    // Several are none (W3C Trace Context §3.2).
    if request.fields.count(.traceparent) == 1, let trace = request.fields.value(.traceparent) {
      let value = request.fields[trace]
      if let place = TraceParent.identifier(in: value) {
        append(",\"trace_id\":", value.extracting(place))
      }
    }
  }

  /// Leaves the referer in `scratch`, without secrets.
  mutating func appendReferer(_ value: Span<UInt8>) {
    scratch.clear()
    if masked.covers(field: "referer") {
      scratch.append("***")
    } else {
      LogText.reference(
        value, max: LineEncoder.textBytesMax, masking: masked, into: &scratch)
    }
  }

  private mutating func append(_ key: StaticString, _ number: UInt64) {
    block.append(key)
    block.append(decimal: UInt(number))
  }

  private mutating func append(_ key: StaticString, microseconds: UInt64) {
    block.append(key)
    block.append(decimal: UInt(microseconds / 1000))
    block.append(".")
    let rest = UInt(microseconds % 1000)
    if rest < 100 { block.append("0") }
    if rest < 10 { block.append("0") }
    block.append(decimal: rest)
  }

  private mutating func append(_ key: StaticString, _ text: Span<UInt8>) {
    block.append(key)
    LogText.json(text, max: LineEncoder.textBytesMax, into: &block)
  }

  /// Appends a word of our own, which needs no escape; the key brings the first quote.
  private mutating func append(_ key: StaticString, _ word: StaticString) {
    block.append(key)
    block.append(word)
    block.append("\"")
  }
}
