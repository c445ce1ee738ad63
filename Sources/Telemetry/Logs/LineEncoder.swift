import Base
import HTTP

/// Turns exchanges into lines of the access log, in a block that is used again and again.
///
/// Nothing is allocated for a line: text is cut to a length that together fits a block, and room
/// for the longest line is made once.
struct LineEncoder {
  /// Most bytes of a path; a target may be longer (`Limits.targetBytesMax`).
  static let pathBytesMax = 2048
  static let queryBytesMax = 1024
  static let methodBytesMax = 32
  /// Most bytes of any other text.
  static let textBytesMax = 256
  /// The longest line, every byte of its texts written as six, and its names and numbers.
  static let lineBytesMax =
    6 * (methodBytesMax + pathBytesMax + 2 * queryBytesMax + 7 * textBytesMax) + 1024

  /// The lines.
  var block: ByteBuffer
  /// For a text that is worked over, and for what it becomes when it is escaped.
  var scratch = ByteBuffer(capacity: 4096)
  var escaped = ByteBuffer(capacity: 4096)
  var clock: LogClock
  let format: AccessLogSettings.Format
  let masked: MaskedNames

  init(_ format: AccessLogSettings.Format, masking masked: MaskedNames) {
    self.format = format
    self.masked = masked
    block = ByteBuffer(capacity: AccessLogBuffer.blockBytes)
    clock = LogClock(isCommon: format != .json)
  }

  /// Appends one line with its end.
  mutating func append(_ entry: borrowing AccessEntry, _ request: borrowing RequestHead) {
    // The block is away for the time, so that writing to it and to the rest is no overlap.
    var block = ByteBuffer()
    swap(&block, &self.block)
    block.write(atMost: LineEncoder.lineBytesMax) { line in
      switch format {
      case .json: appendJSON(entry, request, to: &line)
      case .common: appendCommon(entry, request, to: &line)
      case .combined:
        appendCommon(entry, request, to: &line)
        appendCombined(request, to: &line)
      }
      line.append(UInt8(ascii: "\n"))
    }
    swap(&block, &self.block)
  }
}
