import Base
import HTTP

/// Reads a request line: method, one space, target, one space, version (RFC 9112 §3).
struct RequestLineReader {
  let limits: HeadLimits

  /// Reads `line`, which is without its CR LF, into `head`.
  func read(
    _ line: Span<UInt8>, target: inout TargetReader, isVersion10: inout Bool,
    into head: inout RequestHead
  ) -> Refusal? {
    let methodEnd = Self.tokenEnd(line)
    guard methodEnd > 0, methodEnd <= limits.methodBytesMax, methodEnd < line.count,
      line[methodEnd] == 0x20
    else { return .malformed("method") }
    var end = methodEnd + 1
    while end < line.count, line[end] > 0x20 { end += 1 }
    let count = end - methodEnd - 1
    if count > limits.targetBytesMax { return Refusal(.requestTargetTooLong, "target too long") }
    guard count > 0, end < line.count, line[end] == 0x20 else { return .malformed("request line") }
    switch Version(line.extracting(end + 1..<line.count)) {
    case .v10: isVersion10 = true
    case .v11: isVersion10 = false
    case .other: return Refusal(.versionNotSupported, "version of HTTP")
    case nil: return .malformed("request line")
    }
    let stored = head.fields.store(line.extracting(0..<end))
    head.methodText = Slice(offset: Int(stored.offset), count: methodEnd)
    head.method = Method(line.extracting(0..<methodEnd))
    let text = line.extracting(methodEnd + 1..<end)
    if head.method == .connect {
      guard let authority = Authority(text), authority.port > 0 else {
        return .malformed("authority of the target")
      }
      return nil
    }
    let offset = Int(stored.offset) + methodEnd + 1
    return target.read(text, at: offset, into: &head).map(Refusal.malformed)
  }

  private static func tokenEnd(_ line: Span<UInt8>) -> Int {
    var at = 0
    while at < line.count, ByteClass.token.contains(line[at]) { at += 1 }
    return at
  }
}
