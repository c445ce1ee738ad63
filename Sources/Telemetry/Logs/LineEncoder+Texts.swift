import Base
import HTTP

/// Texts that are worked over before they are written.
extension LineEncoder {
  /// Whether the path holds nothing that shows to be a secret, so that it is written as it is.
  func isOpen(path: Span<UInt8>) -> Bool {
    SecretShapes.first(in: path, from: 0, before: LineEncoder.pathBytesMax) == nil
  }

  /// Leaves the path in `scratch`, without secrets.
  mutating func takePath(_ path: Span<UInt8>) {
    scratch.clear()
    LogText.shaped(path, max: LineEncoder.pathBytesMax, into: &scratch)
  }

  /// Leaves the query in `scratch`, without secrets.
  mutating func takeQuery(_ request: borrowing RequestHead) {
    scratch.clear()
    LogText.query(
      request.fields[request.query], max: LineEncoder.queryBytesMax, masking: masked,
      into: &scratch)
  }

  /// Leaves the referer in `scratch`, without secrets.
  mutating func takeReferer(_ value: Span<UInt8>) {
    scratch.clear()
    if masked.coversReferer {
      scratch.append("***")
    } else {
      LogText.reference(
        value, max: LineEncoder.textBytesMax, masking: masked, into: &scratch)
    }
  }

  /// Appends an address.
  mutating func append(_ address: IPAddress, to line: inout ByteSink) {
    escaped.clear()
    address.write(into: &escaped)
    line.append(escaped.readable)
  }
}
