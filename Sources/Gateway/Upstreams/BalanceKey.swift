import Base
import Blueprint
import HTTP
import PolicyKit

/// What the choice of an upstream hangs on, as a number.
enum BalanceKey {
  static func of(_ exchange: borrowing Exchange, _ kind: ServiceBlueprint.HashKey) -> UInt64 {
    switch kind {
    case .address: break
    case .consumer:
      if let consumer = exchange.consumer { return RendezvousHash.key(consumer.name.utf8.span) }
    case .path: return RendezvousHash.key(exchange.request.fields[exchange.request.path])
    case .header(let name):
      if let value = exchange.request.fields.value(named: name.utf8.span) {
        return RendezvousHash.key(exchange.request.fields[value])
      }
    }
    let address = exchange.client.limitKey
    var bytes: [UInt8] = []
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: address.high >> shift))
      bytes.append(UInt8(truncatingIfNeeded: address.low >> shift))
    }
    return RendezvousHash.key(bytes.span)
  }
}
