import Base
import HTTP
import PolicyKit

/// What the upstream is asked where the answer may be kept, and what the client is told of it.
enum CacheQuestion {
  /// Makes a request one whose answer hangs on nothing but what responses are told apart by
  /// (NRM-21), and asks about what is kept, if that can be (RFC 9111 §4.3.1).
  ///
  /// The first `count` fields are the client's; those behind them are policies'.
  static func write(_ request: inout RequestHead, _ caching: CacheTurn, _ count: Int) {
    for index in 0..<min(count, request.fields.lines.count) {
      let line = request.fields.lines[index]
      if line.name.isEmpty || isOwn(line.id) { continue }
      if !caching.rules.passes(line, in: request.fields) {
        request.fields.lines[index].name = .empty
      }
    }
    for name in [CacheFields.ifNoneMatch, CacheFields.ifModifiedSince] {
      request.fields.remove(named: name.span)
    }
    if caching.rules.parameters != nil {
      let query = CacheKey.query(of: request, caching.rules)
      request.hasQuery = query != nil
      request.query = .empty
      if let query { request.query = request.fields.store(query.span) }
    }
    guard let stale = caching.stale, stale.hasValidator else { return }
    caching.isAsking = true
    if let tag = stale.fields.value(.etag) {
      request.fields.append(CacheFields.ifNoneMatch, stale.fields.copy(tag))
    }
    if let date = stale.fields.value(of: CacheFields.lastModified) {
      request.fields.append(CacheFields.ifModifiedSince, stale.fields.copy(date))
    }
  }

  /// Fields of the client's that were checked, and are the gateway's to send.
  private static func isOwn(_ id: FieldName) -> Bool {
    switch id {
    case .traceparent, .tracestate, .xForwardedFor, .xForwardedProto: true
    default: false
    }
  }

  /// Forgets what a request may have changed: what it names, and what the response names on the
  /// same host (RFC 9111 §4.4).
  static func forget(_ exchange: borrowing Exchange, _ caching: CacheTurn) {
    caching.cache.forget(caching.asked.key)
    for name in [Array("location".utf8), Array("content-location".utf8)] {
      guard let value = exchange.response.fields.value(named: name.span) else { continue }
      let text = Array(exchange.response.fields.arena[value.range])
      // Another host's are not this one's to have forgotten.
      guard text.first == UInt8(ascii: "/"), !text.starts(with: [0x2F, 0x2F]) else { continue }
      let parts = text.split(
        separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
      let query = parts.count > 1 ? Array(parts[1]) : nil
      caching.cache.forget(caching.asked.key(of: Array(parts[0]), query: query))
    }
  }

  /// Tells the client what came of the cache (RFC 9211).
  static func tell(_ fields: inout Fields, _ text: StaticString) {
    fields.append(CacheFields.status, bytes(text))
  }

  /// The same of a response that came from the upstream.
  static func tell(_ fields: inout Fields, _ caching: CacheTurn, _ status: Int) {
    var text = ByteBuffer(capacity: 64)
    text.append("gatehouse; fwd=")
    text.append(caching.reason)
    if caching.isAsking {
      text.append("; fwd-status=")
      text.append(decimal: status)
    }
    if caching.isRecording { text.append("; stored") }
    if caching.waits > 0 { text.append("; collapsed") }
    fields.append(CacheFields.status, Array(text.storage.prefix(text.count)))
  }

  /// The same of one that was kept, and for how long it is fresh.
  static func tell(_ fields: inout Fields, freshness: Int, caching: CacheTurn, hasAsked: Bool) {
    var text = ByteBuffer(capacity: 64)
    if hasAsked {
      text.append("gatehouse; fwd=")
      text.append(caching.reason)
      if caching.isAsking, freshness > 0 { text.append("; fwd-status=304") }
    } else {
      text.append("gatehouse; hit")
    }
    text.append("; ttl=")
    text.append(decimal: freshness)
    fields.append(CacheFields.status, Array(text.storage.prefix(text.count)))
  }

  private static func bytes(_ text: StaticString) -> [UInt8] {
    var buffer = ByteBuffer(capacity: 64)
    buffer.append(text)
    return Array(buffer.storage.prefix(buffer.count))
  }
}
