import Base
public import HTTP

/// Whether a client has what is kept already (RFC 9111 §4.3.2, RFC 9110 §13).
public enum CacheCondition {
  /// Whether the conditions of a request are answered by 304.
  public static func isNotModified(
    _ request: borrowing RequestHead, _ kept: CachedResponse
  ) -> Bool {
    guard kept.status == 200, request.method == .get || request.method == .head else {
      return false
    }
    if let condition = request.fields.value(of: CacheFields.ifNoneMatch) {
      let fields = kept.fields
      guard let tag = fields.value(.etag) else { return false }
      return matches(request.fields[condition], fields[tag])
    }
    guard let since = request.fields.value(of: CacheFields.ifModifiedSince),
      let asked = CacheStorability.time(request.fields, since)
    else { return false }
    let changed =
      kept.fields.value(of: CacheFields.lastModified) ?? kept.fields.value(.date)
    guard let changed, let time = CacheStorability.time(kept.fields, changed) else { return false }
    return time <= asked
  }

  /// Whether a list of tags holds one (RFC 9110 §13.1.2).
  static func matches(_ list: Span<UInt8>, _ tag: Span<UInt8>) -> Bool {
    var at = 0
    while at < list.count {
      while at < list.count, list[at] == 0x20 || list[at] == 0x09 || list[at] == 0x2C { at += 1 }
      let from = at
      if at < list.count, list[at] == UInt8(ascii: "*") { return true }
      if at + 1 < list.count, list[at] == UInt8(ascii: "W") { at += 2 }
      guard at < list.count, list[at] == UInt8(ascii: "\"") else { return false }
      at += 1
      while at < list.count, list[at] != UInt8(ascii: "\"") { at += 1 }
      if at == list.count { return false }
      at += 1
      if CacheStorability.isSameTag(list.extracting(from..<at), tag) { return true }
    }
    return false
  }

  /// Makes a response one without content, and with the fields that it needs (RFC 9110 §15.4.5).
  public static func write304(_ response: inout ResponseHead) {
    response.status = 304
    for id in [FieldName.contentType, .contentEncoding, .contentLength, .contentRange] {
      response.fields.remove(id)
    }
  }
}
