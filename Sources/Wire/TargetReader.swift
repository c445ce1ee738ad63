import Base
import HTTP

/// Reads a request target into a head, in canonical form (RFC 9112 §3.2, RFC 3986 §6.2.2).
struct TargetReader {
  /// The authority of an absolute target; empty for the other forms.
  private(set) var authority = Slice.empty

  /// Reads `target`, which lies in `head`'s arena from `offset` on.
  mutating func read(
    _ target: Span<UInt8>, at offset: Int, into head: inout RequestHead
  ) -> StaticString? {
    if target[0] == 0x2F {
      return Self.readPath(target, from: 0, at: offset, into: &head)
    }
    if target.count == 1, target[0] == 0x2A {
      guard head.method == .options else { return "asterisk target without OPTIONS" }
      head.path = Slice(offset: offset, count: 1)
      return nil
    }
    return readAbsolute(target, at: offset, into: &head)
  }

  private mutating func readAbsolute(
    _ target: Span<UInt8>, at offset: Int, into head: inout RequestHead
  ) -> StaticString? {
    let scheme = Self.scheme(target)
    if scheme == .unnamed { return "target in no form that is taken" }
    head.scheme = scheme
    let from = scheme == .http ? 7 : 8
    var end = from
    while end < target.count, target[end] != 0x2F, target[end] != 0x3F { end += 1 }
    guard Authority(target.extracting(from..<end)) != nil else { return "authority of the target" }
    authority = Slice(offset: offset + from, count: end - from)
    if end < target.count, target[end] == 0x2F {
      return Self.readPath(target, from: end, at: offset, into: &head)
    }
    head.path = head.fields.store("/")
    if end == target.count { return nil }
    return Self.readQuery(target, from: end + 1, at: offset, into: &head)
  }

  /// The scheme that the target starts with; its authority stands right behind `://`.
  private static func scheme(_ target: Span<UInt8>) -> Scheme {
    if target.count > 7, ASCII.equalsIgnoringCase(target.extracting(0..<7), "http://") {
      return .http
    }
    if target.count > 8, ASCII.equalsIgnoringCase(target.extracting(0..<8), "https://") {
      return .https
    }
    return .unnamed
  }

  /// Reads path and query; a path with nothing to change stays where it is.
  private static func readPath(
    _ target: Span<UInt8>, from: Int, at offset: Int, into head: inout RequestHead
  ) -> StaticString? {
    var at = from
    var last: UInt8 = 0
    var isCanonical = true
    while at < target.count {
      let byte = target[at]
      if byte == 0x2F {
        if last == 0x2F { head.pathTraits.insert(.emptySegment) }
      } else if byte == 0x2E {
        if last == 0x2F { isCanonical = false }
      } else if byte == 0x3B {
        head.pathTraits.insert(.parameter)
      } else if byte == 0x25 {
        isCanonical = false
      } else if byte == 0x3F {
        break
      } else if !ByteClass.path.contains(byte) {
        return "character in the path"
      }
      last = byte
      at += 1
    }
    if isCanonical {
      head.path = Slice(offset: offset + from, count: at - from)
    } else {
      var writer = PathWriter()
      if let reason = writer.write(target.extracting(from..<at), into: &head) { return reason }
    }
    if at == target.count { return nil }
    return readQuery(target, from: at + 1, at: offset, into: &head)
  }

  private static func readQuery(
    _ target: Span<UInt8>, from: Int, at offset: Int, into head: inout RequestHead
  ) -> StaticString? {
    var at = from
    while at < target.count {
      let byte = target[at]
      if byte == 0x25 {
        guard at + 2 < target.count, let high = ASCII.hexValue(target[at + 1]),
          let low = ASCII.hexValue(target[at + 2])
        else { return "percent-encoding in the query" }
        if high | low == 0 { return "encoded NUL in the query" }
        at += 3
      } else {
        guard ByteClass.query.contains(byte) else { return "character in the query" }
        at += 1
      }
    }
    head.hasQuery = true
    head.query = Slice(offset: offset + from, count: target.count - from)
    return nil
  }
}
