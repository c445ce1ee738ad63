import Base
import Formats
import HTTP
import PolicyKit

/// What of an exchange can stand in a field's value, by the name it has between braces.
enum FieldCapture: Sendable {
  case consumer, clientAddress, requestID, host, path, method
  /// The names of all routes, by number.
  case route([[UInt8]])
  case parameter(PathParameter)
  /// A claim of the caller's token, by its name.
  case claim([UInt8])

  private static let parameterPrefix = "params."
  private static let claimPrefix = "claims."

  /// The capture that is written `{name}`; nil if there is none.
  init?(_ name: String, at site: PolicySite) {
    switch name {
    case "consumer": self = .consumer
    case "client-address": self = .clientAddress
    case "request-id": self = .requestID
    case "host": self = .host
    case "path": self = .path
    case "method": self = .method
    case "route": self = .route(site.routes.map(\.name))
    case _ where name.hasPrefix(FieldCapture.claimPrefix) && name != FieldCapture.claimPrefix:
      self = .claim(Array(name.dropFirst(FieldCapture.claimPrefix.count).utf8))
    default:
      guard name.hasPrefix(FieldCapture.parameterPrefix),
        let parameter = PathParameter(
          String(name.dropFirst(FieldCapture.parameterPrefix.count)), at: site)
      else { return nil }
      self = .parameter(parameter)
    }
  }

  /// All names that may be written in a policy at `site`.
  static func names(at site: PolicySite) -> [String] {
    ["consumer", "client-address", "request-id", "host", "path", "method", "route"]
      + PathParameter.names(at: site).map { parameterPrefix + $0 }
  }

  /// Appends what it stands for to the request's arena; nothing if the exchange does not have it.
  func append(to exchange: inout Exchange) {
    switch self {
    case .consumer:
      guard let consumer = exchange.consumer else { return }
      let name = consumer.nameBytes
      _ = exchange.request.fields.store(name.span)
    case .clientAddress: FieldCapture.append(exchange.client, to: &exchange.request.fields)
    case .requestID: FieldCapture.copy(exchange.requestID, in: &exchange.request.fields)
    case .host: FieldCapture.copy(exchange.request.host, in: &exchange.request.fields)
    case .path: FieldCapture.copy(FieldCapture.path(exchange), in: &exchange.request.fields)
    case .method: FieldCapture.copy(exchange.request.methodText, in: &exchange.request.fields)
    case .route(let names):
      guard names.indices.contains(exchange.route) else { return }
      let name = names[exchange.route]
      _ = exchange.request.fields.store(name.span)
    case .claim(let name):
      guard let claim = exchange.consumer?.claims?.root.member(name.span),
        let value = FieldCapture.value(claim)
      else { return }
      _ = exchange.request.fields.store(value.span)
    case .parameter(let parameter):
      FieldCapture.copy(
        parameter.find(exchange.request.fields, FieldCapture.path(exchange), exchange.route),
        in: &exchange.request.fields)
    }
  }

  /// The path as the client asked for it, also when a prefix was taken away for the upstream.
  private static func path(_ exchange: borrowing Exchange) -> Slice {
    exchange.fullPath.isEmpty ? exchange.request.path : exchange.fullPath
  }

  /// A single value as text; nil for a list or an object, which have no one way to be written.
  private static func value(_ claim: JSONElement) -> [UInt8]? {
    switch claim.kind {
    case .string: claim.textBytes
    case .number, .boolean: Array(claim.index.bytes[claim.range])
    case .object, .array, .null: nil
    }
  }

  private static func copy(_ slice: Slice, in fields: inout Fields) {
    for at in slice.range { fields.arena.append(fields.arena[at]) }
  }

  private static func append(_ address: IPAddress, to fields: inout Fields) {
    guard address.isV4 else {
      var text = ByteBuffer(capacity: 48)
      address.write(into: &text)
      _ = fields.store(text.readable)
      return
    }
    for place in 0..<4 {
      if place > 0 { fields.arena.append(UInt8(ascii: ".")) }
      let part = UInt8(truncatingIfNeeded: address.low >> UInt64(24 - 8 * place))
      if part >= 100 { fields.arena.append(0x30 + part / 100) }
      if part >= 10 { fields.arena.append(0x30 + part / 10 % 10) }
      fields.arena.append(0x30 + part % 10)
    }
  }
}
