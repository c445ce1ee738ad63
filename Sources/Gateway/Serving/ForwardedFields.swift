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
        || (line.id == .other && isIdentityName(exchange.request.fields, line.name))
      if isIdentity { exchange.request.fields.lines[index].name = .empty }
    }
    if hasTrace { TraceContext.check(&exchange.request, from: client) }
    TraceContext.begin(&exchange.request, client.worker)
    let hops = client.listener.settings.trustedHops
    if !hops.isEmpty, let told = exchange.request.fields.value(.xForwardedFor),
      hops.contains(where: { $0.contains(client.address) })
    {
      exchange.client = origin(exchange.request.fields, told, hops) ?? client.address
    }
  }

  private static func isIdentityName(_ fields: borrowing Fields, _ name: Slice) -> Bool {
    let bytes = fields[name]
    return starts(bytes, "x-consumer-") || starts(bytes, "x-user-")
  }

  private static func starts(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    return bytes.count >= count && ASCII.equals(bytes.extracting(first: count), text)
  }

  /// Walks the list from the right to the first address that is no trusted hop.
  private static func origin(
    _ fields: borrowing Fields, _ list: Slice, _ hops: [AddressBlock]
  ) -> IPAddress? {
    let bytes = fields[list]
    var end = bytes.count
    var last: IPAddress?
    while end > 0 {
      var start = end
      while start > 0, bytes[start - 1] != UInt8(ascii: ",") { start -= 1 }
      var (from, to) = (start, end)
      while from < to, bytes[from] == 0x20 || bytes[from] == 0x09 { from += 1 }
      while to > from, bytes[to - 1] == 0x20 || bytes[to - 1] == 0x09 { to -= 1 }
      guard let address = IPAddress(bytes.extracting(from..<to)) else { return last }
      last = address
      if !hops.contains(where: { $0.contains(address) }) { return address }
      end = max(0, start - 1)
    }
    return last
  }

  /// Adds what the upstream is told, in place of anything the client said.
  static func add(
    _ exchange: inout Exchange, _ client: ClientConnection, _ version: ProtocolVersion
  ) {
    let isTrusted =
      !client.listener.settings.trustedHops.isEmpty
      && client.listener.settings.trustedHops.contains { $0.contains(client.address) }
    var chain: [UInt8] = []
    if isTrusted, let told = exchange.request.fields.value(.xForwardedFor) {
      chain = Array(exchange.request.fields.arena[told.range]) + Array(", ".utf8)
    }
    exchange.request.fields.remove(replaced)
    if chain.isEmpty {
      let text = client.addressText
      exchange.request.fields.append(.xForwardedFor, text.span)
    } else {
      chain += client.addressText
      exchange.request.fields.append(.xForwardedFor, chain.span)
    }
    exchange.request.fields.append(.xForwardedProto, text: exchange.isSecure ? "https" : "http")
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
