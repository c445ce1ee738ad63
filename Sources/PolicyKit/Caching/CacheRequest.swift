import Base
public import HTTP

/// What a cache sees of a request.
public struct CacheRequest: Sendable {
  /// What is to be done with it.
  public enum Kind: Hashable, Sendable {
    /// A kept response may answer it, and its response may be kept.
    case answerable
    /// A kept response may answer it; its own is not kept (`HEAD`, `no-store`, cookies).
    case readOnly
    /// It goes by the cache.
    case passing
    /// It may change what is kept (RFC 9111 §4.4).
    case changing
  }

  /// What is to be done with it.
  public let kind: Kind
  /// What it asks for.
  public let key: CacheKey
  /// What it wishes.
  public let control: CacheControl
  /// Whether it shows who it comes from.
  public let hasCredentials: Bool
  public let hasCookie: Bool
  /// Whose responses it may have beside everybody's.
  public let consumer: [UInt8]?
  private let origin: [UInt8]

  /// Looks at a request that all policies have let through, before it is made what goes upstream;
  /// `isSecure` is the scheme that the client sees.
  public init(
    _ exchange: borrowing Exchange, service: [UInt8], isSecure: Bool, rules: CacheRules
  ) {
    origin = CacheKey.origin(service: service, isSecure: isSecure, request: exchange.request)
    key = CacheKey(
      origin: origin, path: Array(exchange.request.fields.arena[exchange.request.path.range]),
      query: CacheKey.query(of: exchange.request, rules))
    control = CacheRequest.control(exchange.request.fields)
    hasCookie = exchange.request.fields.value(.cookie) != nil
    hasCredentials =
      hasCookie || exchange.request.fields.value(.authorization) != nil
      || exchange.consumer != nil || !exchange.shown.isEmpty || exchange.peer != nil
    consumer = rules.isPerConsumer ? exchange.consumer?.nameBytes : nil
    kind = CacheRequest.kind(
      exchange.request, control, hasCookie: hasCookie)
  }

  private static func kind(
    _ request: borrowing RequestHead, _ control: CacheControl, hasCookie: Bool
  ) -> Kind {
    switch request.method {
    case .get, .head: break
    // What is safe changes nothing (RFC 9110 §9.2.1).
    case .options, .trace: return .passing
    default: return .changing
    }
    // Content of a GET means nothing, and is in no key: who sends some gets what the upstream says.
    if request.hasBody || request.isWebSocket { return .passing }
    for name in CacheFields.partial where request.fields.count(named: name.span) > 0 {
      return .passing
    }
    let isKept = request.method == .get && !control.flags.contains(.noStore) && !hasCookie
    return isKept ? .answerable : .readOnly
  }

  /// `Pragma: no-cache` counts where nothing newer is said (RFC 9111 §5.4).
  private static func control(_ fields: borrowing Fields) -> CacheControl {
    if fields.value(.cacheControl) != nil { return CacheControl(of: fields) }
    guard let pragma = fields.value(of: CacheFields.pragma) else { return CacheControl() }
    let value = fields[pragma]
    return ASCII.equalsIgnoringCase(value, "no-cache") ? CacheControl(.noCache) : CacheControl()
  }

  /// The key of another resource on the same host.
  public func key(of path: [UInt8], query: [UInt8]?) -> CacheKey {
    CacheKey(origin: origin, path: path, query: query)
  }

  /// Whether a kept response may be used as far as the client asks (RFC 9111 §5.2.1).
  public func takes(age: Int, freshness: Int, rules: CacheRules) -> Bool {
    guard rules.obeysClients else { return freshness > 0 }
    if control.flags.contains(.noCache) { return false }
    if let most = control.maxAge, age > most { return false }
    if let least = control.minFresh, freshness < least { return false }
    if freshness > 0 { return true }
    if control.flags.contains(.anyStale) { return true }
    return control.maxStale.map { -freshness <= $0 } ?? false
  }
}
