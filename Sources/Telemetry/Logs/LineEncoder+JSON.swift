import Base
import HTTP

extension LineEncoder {
  /// Appends an object; what is not known is left out, save what every line has.
  mutating func appendJSON(
    _ entry: borrowing AccessEntry, _ request: borrowing RequestHead, to line: inout ByteSink
  ) {
    let record = entry.record
    line.append("{\"time\":\"")
    clock.append(record.wallMilliseconds, to: &line)
    line.append("\",\"client\":\"")
    append(record.client, to: &line)
    line.append("\",\"method\":")
    appendRequest(request, record.version, to: &line)
    line.append(",\"status\":")
    line.append(decimal: UInt(max(0, record.status)))
    line.append(",\"bytes_in\":")
    line.append(decimal: UInt(record.bytesIn))
    line.append(",\"bytes_out\":")
    line.append(decimal: UInt(record.bytesOut))
    line.append(",\"duration_ms\":")
    LineEncoder.append(microseconds: record.durationMicroseconds, to: &line)
    line.append(",\"upstream_ms\":")
    LineEncoder.append(microseconds: record.upstreamMicroseconds, to: &line)
    line.append(",\"route\":")
    append(entry.route, to: &line)
    line.append(",\"service\":")
    append(entry.service, to: &line)
    line.append(",\"consumer\":")
    append(entry.consumer, to: &line)
    line.append(",\"upstream\":")
    append(entry.upstream, to: &line)
    appendFields(request, entry.requestID, to: &line)
    if !entry.fingerprint.isEmpty {
      line.append(",\"ja4\":")
      append(entry.fingerprint, to: &line)
    }
    appendOutcome(record, to: &line)
    if !entry.detail.isEmpty {
      line.append(",\"detail\":")
      appendShaped(entry.detail, to: &line)
    }
    line.append("}")
  }

  /// What the request line said; all of it empty when there was none that could be read.
  private mutating func appendRequest(
    _ request: borrowing RequestHead, _ version: ProtocolVersion, to line: inout ByteSink
  ) {
    append(request.fields[request.methodText], max: LineEncoder.methodBytesMax, to: &line)
    line.append(",\"path\":")
    if isOpen(path: request.fields[request.path]) {
      append(request.fields[request.path], max: LineEncoder.pathBytesMax, to: &line)
    } else {
      takePath(request.fields[request.path])
      appendScratch(max: LineEncoder.pathBytesMax, to: &line)
    }
    if request.hasQuery {
      line.append(",\"query\":")
      takeQuery(request)
      appendScratch(max: 2 * LineEncoder.queryBytesMax, to: &line)
    }
    if request.methodText.isEmpty {
      line.append(",\"protocol\":\"\"")
    } else {
      line.append(",\"protocol\":\"")
      line.append(version.text)
      line.append("\"")
    }
  }

  private mutating func appendFields(
    _ request: borrowing RequestHead, _ requestID: Slice, to line: inout ByteSink
  ) {
    let told = LoggedFields(request.fields)
    if !told.userAgent.isEmpty {
      line.append(",\"user_agent\":")
      if masked.coversUserAgent {
        line.append("\"***\"")
      } else {
        appendShaped(request.fields[told.userAgent], to: &line)
      }
    }
    if !told.referer.isEmpty {
      line.append(",\"referer\":")
      takeReferer(request.fields[told.referer])
      appendScratch(max: LineEncoder.textBytesMax, to: &line)
    }
    if !requestID.isEmpty {
      line.append(",\"request_id\":")
      if masked.coversRequestID {
        line.append("\"***\"")
      } else {
        appendShaped(request.fields[requestID], to: &line)
      }
    }
    // Several are none (W3C Trace Context §3.2).
    if told.traceCount == 1 {
      let value = request.fields[told.trace]
      if let place = TraceParent.identifier(in: value) {
        line.append(",\"trace_id\":")
        append(value.extracting(place), to: &line)
      }
    }
  }

  /// Words of our own, which need no escape.
  private func appendOutcome(_ record: AccessRecord, to line: inout ByteSink) {
    if record.tlsVersion.utf8CodeUnitCount > 0 {
      line.append(",\"tls\":\"")
      line.append(record.tlsVersion)
      line.append("\",\"cipher\":\"")
      line.append(record.tlsCipher)
      line.append("\"")
    }
    if let problem = record.problem {
      line.append(",\"problem\":\"")
      line.append(problem.code)
      line.append("\"")
    }
    if record.reason.utf8CodeUnitCount > 0 {
      line.append(",\"reason\":\"")
      line.append(record.reason)
      line.append("\"")
    }
    if record.fault != .none {
      line.append(",\"fault\":\"")
      line.append(record.fault.name)
      line.append("\"")
    }
  }

  /// Milliseconds with three digits behind the point.
  private static func append(microseconds: UInt64, to line: inout ByteSink) {
    line.append(decimal: UInt(microseconds / 1000))
    line.append(UInt8(ascii: "."))
    LogClock.append(thousandths: UInt(microseconds % 1000), to: &line)
  }

  /// Appends the beginning of text that others chose.
  private mutating func append(
    _ text: Span<UInt8>, max: Int = LineEncoder.textBytesMax, to line: inout ByteSink
  ) {
    if text.count <= max, LogText.isPlain(text) {
      line.append(UInt8(ascii: "\""))
      line.append(text)
      return line.append(UInt8(ascii: "\""))
    }
    escaped.clear()
    LogText.json(text, max: max, into: &escaped)
    line.append(escaped.readable)
  }

  /// Appends text that others chose, without secrets.
  private mutating func appendShaped(_ text: Span<UInt8>, to line: inout ByteSink) {
    if SecretShapes.first(in: text, from: 0, before: LineEncoder.textBytesMax) == nil {
      return append(text, to: &line)
    }
    scratch.clear()
    LogText.shaped(text, max: LineEncoder.textBytesMax, into: &scratch)
    appendScratch(max: LineEncoder.textBytesMax, to: &line)
  }

  /// Appends what is in the scratch.
  private mutating func appendScratch(max: Int, to line: inout ByteSink) {
    var text = ByteBuffer()
    swap(&text, &scratch)
    append(text.readable, max: max, to: &line)
    swap(&text, &scratch)
  }
}
