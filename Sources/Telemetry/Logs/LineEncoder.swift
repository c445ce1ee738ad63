import Base
import HTTP

/// Turns exchanges into lines of the access log, in a block that is used again and again.
///
/// Nothing is allocated for a line: text is cut to a length that together fits a block.
struct LineEncoder {
  /// Most bytes of a path; a target may be longer (`Limits.targetBytesMax`).
  static let pathBytesMax = 2048
  static let queryBytesMax = 1024
  static let methodBytesMax = 32
  /// Most bytes of any other text.
  static let textBytesMax = 256

  /// The lines.
  var block: ByteBuffer
  var scratch = ByteBuffer(capacity: 4096)
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
    switch format {
    case .json: appendJSON(entry, request)
    case .common: appendCommon(entry, request)
    case .combined:
      appendCommon(entry, request)
      appendCombined(request)
    }
    block.append(UInt8(ascii: "\n"))
  }
}
