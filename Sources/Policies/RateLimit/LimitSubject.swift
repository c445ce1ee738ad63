import Base
import Formats
import HTTP
import PolicyKit

/// By what a limit tells callers apart: the setting `by`.
struct LimitSubject: Sendable {
  private enum Kind { case consumer, address, route, header, claim }

  /// As it was written.
  let text: String
  private let kind: Kind
  private let header: [UInt8]
  private let claim: [UInt8]

  /// The names of the routes by their number, if it is them that are told apart.
  private let routes: [[UInt8]]

  /// Reads the setting; what it cannot be is reported.
  ///
  /// One that is early counts before it is known who calls.
  init(_ settings: inout Settings, at site: PolicySite, isEarly: Bool = false) {
    let by = settings.string("by") ?? (isEarly ? "ip" : "consumer")
    text = by
    routes = by == "route" ? site.routes.map(\.name) : []
    header = by.hasPrefix("header:") ? Array(by.dropFirst(7).lowercased().utf8) : []
    claim = by.hasPrefix("claim:") ? Array(by.dropFirst(6).utf8) : []
    switch by {
    case _ where !claim.isEmpty: kind = .claim
    case "consumer": kind = .consumer
    case "ip": kind = .address
    case "route": kind = .route
    default:
      kind = .header
      if header.isEmpty || !header.allSatisfy(ASCII.isToken) {
        settings.error(
          "'\(by)' is nothing to count by",
          expected: "consumer, ip, route, header:NAME or claim:NAME",
          at: settings.position(of: "by"))
      }
    }
    if isEarly, kind == .consumer || kind == .claim {
      settings.error(
        "'\(by)' is not known yet", expected: "ip, route or header:NAME",
        at: settings.position(of: "by"))
    }
  }

  /// What clients are told that they are counted by.
  var name: StaticString {
    switch kind {
    case .consumer: "consumer"
    case .address: "ip"
    case .route: "route"
    case .header: "header"
    case .claim: "claim"
    }
  }

  // MARK: In this gateway

  /// Whom a request counts for, by a hash of this process.
  func key(_ exchange: borrowing Exchange) -> LimitKey {
    switch kind {
    case .consumer:
      guard let consumer = exchange.consumer else { return address(exchange) }
      if consumer.index >= 0 { return LimitSubject.key(kind: 1, UInt64(consumer.index), 0) }
      let name = consumer.nameBytes
      return name.isEmpty ? address(exchange) : LimitSubject.key(kind: 5, name.span)
    case .address: return address(exchange)
    case .route: return LimitSubject.key(kind: 2, UInt64(max(exchange.route, 0)), 0)
    case .header:
      guard let value = headerValue(exchange) else { return address(exchange) }
      return LimitSubject.key(kind: 4, exchange.request.fields[value])
    case .claim:
      let claim = self.claim
      guard let claims = exchange.consumer?.claims, let found = claims.root.member(claim.span)
      else { return address(exchange) }
      let bytes = claims.bytes
      return LimitSubject.key(kind: 6, bytes.span.extracting(found.range))
    }
  }

  /// The field's value. Where it stands twice, nobody knows which one counts upstream, and whoever
  /// sends it could choose a new one each time: then the address counts.
  private func headerValue(_ exchange: borrowing Exchange) -> Slice? {
    let header = self.header
    guard exchange.request.fields.count(named: header.span) == 1 else { return nil }
    return exchange.request.fields.value(named: header.span)
  }

  private func address(_ exchange: borrowing Exchange) -> LimitKey {
    let address = exchange.client.limitKey
    return LimitSubject.key(kind: 3, address.high, address.low)
  }

  private static func key(kind: UInt8, _ high: UInt64, _ low: UInt64) -> LimitKey {
    var first = Hasher()
    first.combine(kind)
    first.combine(high)
    first.combine(low)
    var second = first
    second.combine(UInt8(1))
    return LimitKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }

  private static func key(kind: UInt8, _ bytes: Span<UInt8>) -> LimitKey {
    var first = Hasher()
    first.combine(kind)
    // Safety: the bytes are only read, within the call.
    unsafe bytes.withUnsafeBytes { unsafe first.combine(bytes: $0) }
    var second = first
    second.combine(UInt8(1))
    return LimitKey(
      high: UInt64(bitPattern: Int64(first.finalize())),
      low: UInt64(bitPattern: Int64(second.finalize())))
  }

  // MARK: In all gateways

  /// Whom a request counts for, by a hash that every gateway has the same.
  ///
  /// Places in a plan differ from gateway to gateway, so that names stand for them. A consumer of
  /// the configuration or the store is another than somebody of that name in a token.
  func key(_ exchange: borrowing Exchange, of limit: SharedLimit) -> LimitKey {
    switch kind {
    case .consumer:
      guard let consumer = exchange.consumer, !consumer.nameBytes.isEmpty else {
        return address(exchange, limit)
      }
      let name = consumer.nameBytes
      return limit.key(kind: consumer.index >= 0 || consumer.isStored ? 1 : 5, name.span)
    case .address: return address(exchange, limit)
    case .route:
      let name = routes.indices.contains(exchange.route) ? routes[exchange.route] : []
      return limit.key(kind: 2, name.span)
    case .header:
      guard let value = headerValue(exchange) else { return address(exchange, limit) }
      return limit.key(kind: 4, exchange.request.fields[value])
    case .claim:
      let claim = self.claim
      guard let claims = exchange.consumer?.claims, let found = claims.root.member(claim.span)
      else { return address(exchange, limit) }
      let bytes = claims.bytes
      return limit.key(kind: 6, bytes.span.extracting(found.range))
    }
  }

  private func address(_ exchange: borrowing Exchange, _ limit: SharedLimit) -> LimitKey {
    let address = exchange.client.limitKey
    let bytes = (0..<16).map { place in
      let half = place < 8 ? address.high : address.low
      return UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * (place % 8)))
    }
    return limit.key(kind: 3, bytes.span)
  }
}
