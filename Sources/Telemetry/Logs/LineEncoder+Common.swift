import Base
import HTTP

extension LineEncoder {
  /// Appends the columns of the Common format.
  mutating func appendCommon(
    _ entry: borrowing AccessEntry, _ request: borrowing RequestHead, to line: inout ByteSink
  ) {
    let record = entry.record
    append(record.client, to: &line)
    line.append(" - ")
    if entry.consumer.isEmpty {
      line.append("-")
    } else {
      LogText.common(
        entry.consumer, max: LineEncoder.textBytesMax, isColumn: true, into: &line)
    }
    line.append(" [")
    clock.append(record.wallMilliseconds, to: &line)
    line.append("] \"")
    appendRequestLine(request, record.version, to: &line)
    line.append("\" ")
    line.append(decimal: UInt(max(0, record.status)))
    line.append(" ")
    line.append(decimal: UInt(record.bytesOut))
  }

  private mutating func appendRequestLine(
    _ request: borrowing RequestHead, _ version: ProtocolVersion, to line: inout ByteSink
  ) {
    if request.methodText.isEmpty { return line.append("-") }
    LogText.common(
      request.fields[request.methodText], max: LineEncoder.methodBytesMax, into: &line)
    line.append(" ")
    takePath(request.fields[request.path])
    LogText.common(
      scratch.readable, max: LineEncoder.pathBytesMax, isColumn: true, into: &line)
    if request.hasQuery {
      takeQuery(request)
      line.append("?")
      LogText.common(
        scratch.readable, max: 2 * LineEncoder.queryBytesMax, isColumn: true, into: &line)
    }
    line.append(" ")
    line.append(version.text)
  }

  /// Appends what the Combined format has more.
  mutating func appendCombined(_ request: borrowing RequestHead, to line: inout ByteSink) {
    let told = LoggedFields(request.fields)
    line.append(" \"")
    if told.referer.isEmpty {
      line.append("-")
    } else {
      takeReferer(request.fields[told.referer])
      LogText.common(scratch.readable, max: LineEncoder.textBytesMax, into: &line)
    }
    line.append("\" \"")
    if told.userAgent.isEmpty {
      line.append("-")
    } else if masked.coversUserAgent {
      line.append("***")
    } else {
      scratch.clear()
      LogText.shaped(
        request.fields[told.userAgent], max: LineEncoder.textBytesMax, into: &scratch)
      LogText.common(scratch.readable, max: LineEncoder.textBytesMax, into: &line)
    }
    line.append("\"")
  }
}
