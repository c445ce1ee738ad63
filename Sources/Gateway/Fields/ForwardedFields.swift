import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime

/// The fields that say who the client is: none are believed but from trusted hops, and all that
/// go upstream are the gateway's own.
enum ForwardedFields {
  /// What a client says of the way that its request came, which the gateway says itself.
  @inline(__always)
  private static var replaced: FieldNameSet {
    FieldNameSet().with(.xForwardedFor).with(.xForwardedProto).with(.xForwardedHost)
      .with(.xForwardedPort).with(.xRealIP).with(.forwarded)
  }

  /// Removes what a client may not say of itself, and finds its address behind trusted hops.
  static func cleanse(_ exchange: inout Exchange, _ client: ClientConnection) {
    var hasTrace = false
    for index in exchange.request.fields.lines.indices {
      let line = exchange.request.fields.lines[index]
      if TraceContext.holds(line.id) { hasTrace = true }
      let isIdentity =
        line.id == .xConsumerID || line.id == .xConsumerName
        || (line.id == .other && isUnsaid(exchange.request.fields, line.name))
      if isIdentity { exchange.request.fields.lines[index].name = .empty }
    }
    if hasTrace { TraceContext.check(&exchange.request, from: client) }
    TraceContext.begin(&exchange, client.worker)
    let hops = client.listener.settings.trustedHops
    if !hops.isEmpty, hops.contains(where: { $0.contains(client.address) }) {
      exchange.client =
        ForwardedChain.origin(exchange.request.fields, hops) ?? client.address
    }
  }

  private static func isUnsaid(_ fields: borrowing Fields, _ name: Slice) -> Bool {
    let bytes = fields[name]
    return isDisguise(bytes) || isIdentity(bytes, "x-consumer-") || isIdentity(bytes, "x-user-")
  }

  /// Whether a name starts as `text` does, whatever its words are joined with: some upstreams bring
  /// all that is no letter to one form (NRM-15).
  private static func isIdentity(_ name: Span<UInt8>, _ text: StaticString) -> Bool {
    guard name.count >= text.utf8CodeUnitCount, name[0] == 0x78 else { return false }
    // Safety: a static string lives for ever, and the index is below its count.
    for at in 0..<text.utf8CodeUnitCount {
      let expected = unsafe text.utf8Start[at]
      guard expected == 0x2D ? !ASCII.isAlpha(name[at]) : name[at] == expected else { return false }
    }
    return true
  }

  /// Fields by which some upstreams take a request for another than the gateway has checked: of
  /// another method or path, or with another proxy (CVE-2016-5385). Nobody but a gateway has a use
  /// for them, and this one sends none (NRM-13).
  private static func isDisguise(_ name: Span<UInt8>) -> Bool {
    switch name.count {
    case 5: ASCII.equals(name, "proxy")
    case 13: ASCII.equals(name, "x-http-method") || ASCII.equals(name, "x-rewrite-url")
    case 14: ASCII.equals(name, "x-original-url")
    case 15: ASCII.equals(name, "x-forwarded-uri")
    case 17: ASCII.equals(name, "x-method-override")
    case 18: ASCII.equals(name, "x-forwarded-prefix") || ASCII.equals(name, "x-forwarded-scheme")
    case 22: ASCII.equals(name, "x-http-method-override")
    default: false
    }
  }

  /// Whether the client came by TLS, to this gateway or to a trusted hop.
  static func isSecure(_ exchange: borrowing Exchange, _ client: ClientConnection) -> Bool {
    let hops = client.listener.settings.trustedHops
    guard !hops.isEmpty, hops.contains(where: { $0.contains(client.address) }) else {
      return exchange.isSecure
    }
    return ForwardedChain.isSecure(exchange.request.fields) ?? exchange.isSecure
  }

  /// Adds what the upstream is told, in place of anything the client said.
  static func add(
    _ exchange: inout Exchange, _ client: ClientConnection, _ version: ProtocolVersion
  ) {
    let isTrusted =
      !client.listener.settings.trustedHops.isEmpty
      && client.listener.settings.trustedHops.contains { $0.contains(client.address) }
    let chain = isTrusted ? ForwardedChain.told(exchange.request.fields) : []
    let isSecure =
      (isTrusted ? ForwardedChain.isSecure(exchange.request.fields) : nil) ?? exchange.isSecure
    exchange.request.fields.remove(replaced)
    if chain.isEmpty {
      let text = client.addressText
      exchange.request.fields.append(.xForwardedFor, text.span)
    } else {
      let longer = chain + client.addressText
      exchange.request.fields.append(.xForwardedFor, longer.span)
    }
    exchange.request.fields.append(.xForwardedProto, text: isSecure ? "https" : "http")
    addHost(&exchange.request)
    exchange.request.fields.append(
      .via, text: version == .http2 ? "2.0 gatehouse" : "1.1 gatehouse")
    if let consumer = exchange.consumer, !consumer.nameBytes.isEmpty {
      let name = consumer.nameBytes
      exchange.request.fields.append(.xConsumerID, name.span)
    }
  }

  /// How many bytes the port takes with its colon, if it stands behind the host as it would be
  /// written here, which is nearly always so.
  private static func portBehindHost(_ request: borrowing RequestHead) -> Int? {
    if request.port == 0 { return nil }
    let bytes = request.fields.arena.span
    let start = request.host.range.upperBound
    guard start < bytes.count, bytes[start] == UInt8(ascii: ":") else { return nil }
    var (at, unit, rest): (Int, UInt16, UInt16) = (start, 10_000, request.port)
    while unit > rest { unit /= 10 }
    while unit > 0 {
      at += 1
      guard at < bytes.count, bytes[at] == UInt8(ascii: "0") + UInt8(rest / unit) else {
        return nil
      }
      rest %= unit
      unit /= 10
    }
    return at - start + 1
  }

  /// The host that the client asked for, as it asked, which the upstream's own `Host` hides.
  private static func addHost(_ request: inout RequestHead) {
    if request.host.isEmpty { return }
    let name = request.fields.store("x-forwarded-host")
    var value = request.host
    if let told = portBehindHost(request) {
      value.count += UInt32(told)
    } else if request.port != 0 {
      let start = request.fields.arena.count
      for at in request.host.range {
        let byte = request.fields.arena[at]
        request.fields.arena.append(byte)
      }
      request.fields.arena.append(UInt8(ascii: ":"))
      var unit: UInt16 = 10_000
      while unit > request.port { unit /= 10 }
      while unit > 0 {
        request.fields.arena.append(UInt8(ascii: "0") + UInt8(request.port / unit % 10))
        unit /= 10
      }
      value = Slice(offset: start, count: request.fields.arena.count - start)
    }
    request.fields.lines.append(FieldLine(name: name, value: value, id: .xForwardedHost))
  }
}
