import Base
import HTTP

extension LineEncoder {
  /// Appends the columns of the Common format.
  mutating func appendCommon(_ entry: borrowing AccessEntry, _ request: borrowing RequestHead) {
    let record = entry.record
    record.client.write(into: &block)
    block.append(" - ")
    if entry.consumer.isEmpty {
      block.append("-")
    } else {
      LogText.common(
        entry.consumer.span, max: LineEncoder.textBytesMax, isColumn: true, into: &block)
    }
    block.append(" [")
    clock.append(record.wallMilliseconds, to: &block)
    block.append("] \"")
    appendRequestLine(request, isVersion10: record.isVersion10)
    block.append("\" ")
    block.append(decimal: record.status)
    block.append(" ")
    block.append(decimal: UInt(record.bytesOut))
  }

  private mutating func appendRequestLine(
    _ request: borrowing RequestHead, isVersion10: Bool
  ) {
    if request.methodText.isEmpty { return block.append("-") }
    LogText.common(
      request.fields[request.methodText], max: LineEncoder.methodBytesMax, into: &block)
    block.append(" ")
    LogText.common(
      request.fields[request.path], max: LineEncoder.pathBytesMax, isColumn: true, into: &block)
    if request.hasQuery {
      scratch.clear()
      LogText.query(
        request.fields[request.query], max: LineEncoder.queryBytesMax, masking: masked,
        into: &scratch)
      block.append("?")
      LogText.common(
        scratch, max: 2 * LineEncoder.queryBytesMax, isColumn: true, into: &block)
    }
    block.append(isVersion10 ? " HTTP/1.0" : " HTTP/1.1")
  }

  /// Appends what the Combined format has more.
  mutating func appendCombined(_ request: borrowing RequestHead) {
    block.append(" \"")
    if let from = request.fields.value(.referer) {
      appendReferer(request.fields[from])
      LogText.common(scratch, max: LineEncoder.textBytesMax, into: &block)
    } else {
      block.append("-")
    }
    block.append("\" \"")
    if let agent = request.fields.value(.userAgent) {
      if masked.covers(field: "user-agent") {
        block.append("***")
      } else {
        LogText.common(request.fields[agent], max: LineEncoder.textBytesMax, into: &block)
      }
    } else {
      block.append("-")
    }
    block.append("\"")
  }
}
