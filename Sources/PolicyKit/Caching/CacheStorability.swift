public import Base
public import HTTP

/// What of a response decides whether and how long it is kept (RFC 9111 §3 and §4.2).
public enum CacheStorability {
  /// Statuses that are understood well enough to be kept; parts are not.
  private static func isKept(_ status: Int) -> Bool {
    switch status {
    case 200, 203, 204, 300, 301, 302, 307, 308, 404, 405, 410: true
    default: false
    }
  }

  /// Statuses that a default time may be set for (RFC 9110 §15.1).
  private static func isHeuristic(_ status: Int) -> Bool {
    switch status {
    case 200, 203, 204, 300, 301, 308, 404, 405, 410: true
    default: false
    }
  }

  /// The response as it is kept, without its content; nil if it may not be.
  ///
  /// `wallSeconds` is the time when its head came, and `delaySeconds` how long that took.
  public static func entry(
    _ response: borrowing ResponseHead, for asked: CacheRequest,
    requestFields: borrowing Fields, rules: CacheRules, now: Instant, wallSeconds: Int,
    delaySeconds: Int
  ) -> CachedResponse? {
    let fields = response.fields
    let control = CacheControl(of: fields)
    guard asked.kind == .answerable, isKept(response.status),
      control.flags.isDisjoint(with: [.noStore, .isPrivate]),
      fields.value(.setCookie) == nil, fields.value(.contentRange) == nil
    else { return nil }
    // RFC 9111 §3.5. Who has responses of his own needs no such word.
    let isForAll =
      control.sharedMaxAge != nil
      || !control.flags.isDisjoint(with: [.isPublic, .mustRevalidate])
    if asked.hasCredentials, !isForAll, asked.consumer == nil { return nil }
    guard let selectors = selectors(fields, requestFields, rules) else { return nil }
    guard let lifetime = lifetime(fields, control, response.status, rules, wallSeconds) else {
      return nil
    }
    let hasValidator =
      fields.value(.etag) != nil || fields.value(of: CacheFields.lastModified) != nil
    if lifetime == 0, !hasValidator { return nil }
    var kept = fields
    for id in [FieldName.contentLength, .connection, .keepAlive, .transferEncoding, .trailer] {
      kept.remove(id)
    }
    for name in [CacheFields.age, CacheFields.status] { kept.remove(named: name.span) }
    return CachedResponse(
      key: asked.key, status: response.status, fields: compact(kept), content: [],
      selectors: selectors, consumer: asked.consumer, isForAll: isForAll, control: control,
      lifetimeSeconds: lifetime,
      initialAgeSeconds: initialAge(fields, wallSeconds: wallSeconds, delaySeconds: delaySeconds),
      receivedAt: now)
  }

  /// The same with its content.
  public static func entry(_ head: CachedResponse, content: [UInt8]) -> CachedResponse {
    CachedResponse(
      key: head.key, status: head.status, fields: head.fields, content: content,
      selectors: head.selectors, consumer: head.consumer, isForAll: head.isForAll,
      control: head.control, lifetimeSeconds: head.lifetimeSeconds,
      initialAgeSeconds: head.initialAgeSeconds, receivedAt: head.receivedAt)
  }

  /// A kept response after a 304 that says that it still holds (RFC 9111 §3.2, §4.3.4); nil if the
  /// 304 is about another.
  public static func refreshed(
    _ old: CachedResponse, by response: borrowing ResponseHead, rules: CacheRules, now: Instant,
    wallSeconds: Int, delaySeconds: Int
  ) -> CachedResponse? {
    let new = response.fields
    let before = old.fields
    if let told = new.value(.etag), let had = before.value(.etag),
      !isSameTag(new[told], before[had])
    {
      return nil
    }
    var fields = old.fields
    for line in new.lines where !line.name.isEmpty && mayUpdate(line, new) {
      let name = Array(new.arena[line.name.range])
      fields.remove(named: name.span)
    }
    for line in new.lines where !line.name.isEmpty && mayUpdate(line, new) {
      fields.append(name: new[line.name], value: new[line.value])
    }
    let control = CacheControl(of: fields)
    if !control.flags.isDisjoint(with: [.noStore, .isPrivate]) { return nil }
    return CachedResponse(
      key: old.key, status: old.status, fields: compact(fields), content: old.content,
      selectors: old.selectors, consumer: old.consumer, isForAll: old.isForAll, control: control,
      lifetimeSeconds: lifetime(fields, control, old.status, rules, wallSeconds) ?? 0,
      initialAgeSeconds: initialAge(new, wallSeconds: wallSeconds, delaySeconds: delaySeconds),
      receivedAt: now)
  }

  /// Fields about the content that is kept, and about a connection, are not the 304's to change.
  private static func mayUpdate(_ line: FieldLine, _ fields: borrowing Fields) -> Bool {
    switch line.id {
    case .contentLength, .contentEncoding, .contentType, .contentRange, .setCookie, .connection,
      .keepAlive, .transferEncoding, .trailer:
      return false
    default:
      let name = Array(fields.arena[line.name.range])
      return name != CacheFields.age && name != CacheFields.status
    }
  }

  /// Weak comparison (RFC 9110 §8.8.3.2).
  public static func isSameTag(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    let (first, second) = (opaque(left), opaque(right))
    guard !first.isEmpty, first.count == second.count else { return false }
    return ASCII.equals(left.extracting(first), right.extracting(second))
  }

  private static func opaque(_ tag: Span<UInt8>) -> Range<Int> {
    let isWeak = tag.count > 2 && tag[0] == UInt8(ascii: "W") && tag[1] == UInt8(ascii: "/")
    return (isWeak ? 2 : 0)..<tag.count
  }

  /// By which fields of the request it is told apart; nil if by what cannot be known (`Vary: *`).
  static func selectors(
    _ response: borrowing Fields, _ request: borrowing Fields, _ rules: CacheRules
  ) -> [CachedResponse.Selector]? {
    var names = rules.fields
    for index in response.lines.indices
    where response.lines[index].id == .vary && !response.lines[index].name.isEmpty {
      let value = response[response.lines[index].value]
      var at = 0
      while let range = VaryNames.next(in: value, &at) {
        var name: [UInt8] = []
        for place in range { name.append(ASCII.lowercased(value[place])) }
        if name == [UInt8(ascii: "*")] { return nil }
        if !names.contains(name) { names.append(name) }
        if names.count > 32 { return nil }
      }
    }
    return names.map { CachedResponse.Selector(name: $0, value: value($0, request, rules)) }
  }

  /// All values of a field, as one; nil if it is not there, or does not go upstream.
  static func value(
    _ name: [UInt8], _ request: borrowing Fields, _ rules: CacheRules
  ) -> [UInt8]? {
    var value: [UInt8]?
    for index in request.lines.indices {
      let line = request.lines[index]
      guard Int(line.name.count) == name.count, ASCII.equals(request[line.name], name.span),
        rules.passes(line, in: request)
      else { continue }
      let part = Array(request.arena[line.value.range])
      value = value.map { $0 + [0x2C] + part } ?? part
    }
    return value
  }

  /// How long a response is fresh; nil if nothing says so.
  private static func lifetime(
    _ fields: borrowing Fields, _ control: CacheControl, _ status: Int, _ rules: CacheRules,
    _ wallSeconds: Int
  ) -> Int? {
    if control.flags.contains(.noCache) { return 0 }
    if let seconds = control.sharedMaxAge ?? control.maxAge { return seconds }
    if let expires = fields.value(of: CacheFields.expires) {
      // What is no date, such as 0, is in the past (RFC 9111 §5.3).
      guard let end = time(fields, expires), fields.count(of: CacheFields.expires) == 1 else {
        return 0
      }
      let made = fields.value(.date).flatMap { time(fields, $0) } ?? wallSeconds
      return max(0, end - made)
    }
    guard let standard = rules.standardSeconds, isHeuristic(status) else { return nil }
    return standard
  }

  /// RFC 9111 §4.2.3.
  private static func initialAge(
    _ fields: borrowing Fields, wallSeconds: Int, delaySeconds: Int
  ) -> Int {
    let made = fields.value(.date).flatMap { time(fields, $0) } ?? wallSeconds
    let told = fields.value(of: CacheFields.age).flatMap { number(fields, $0) } ?? 0
    return max(max(0, wallSeconds - made), min(told, 1 << 31) + delaySeconds)
  }

  private static func number(_ fields: borrowing Fields, _ value: Slice) -> Int? {
    let text = fields[value]
    return ASCII.decimal(text)
  }

  static func time(_ fields: borrowing Fields, _ value: Slice) -> Int? {
    HTTPTime.seconds(Array(fields.arena[value.range]))
  }

  /// The same fields, without what lay between them.
  private static func compact(_ fields: borrowing Fields) -> Fields {
    var result = Fields()
    for index in fields.lines.indices where !fields.lines[index].name.isEmpty {
      result.append(
        name: fields[fields.lines[index].name], value: fields[fields.lines[index].value])
    }
    return result
  }
}
