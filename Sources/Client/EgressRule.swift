package import Base

/// Which addresses a client may connect to.
///
/// It is asked about the very address that is connected to next, so that a name cannot resolve to
/// one address for the check and to another for the connection.
package enum EgressRule: Sendable {
  /// Public addresses, and those of these blocks: for addresses that somebody else chose.
  case publicAnd([AddressBlock])
  /// Any address: for those that the operator chose.
  case any

  /// Public addresses only.
  package static var publicOnly: EgressRule { .publicAnd([]) }

  /// Whether connecting to `address` is allowed.
  package func allows(_ address: IPAddress) -> Bool {
    switch self {
    case .any: true
    case .publicAnd(let blocks):
      blocks.contains { $0.contains(address) } || EgressRule.isPublic(address)
    }
  }

  /// Whether an address is none of those kept for special use (RFC 6890 and its registries).
  package static func isPublic(_ address: IPAddress) -> Bool {
    if address.isV4 { return !reservedV4.contains { $0.contains(address) } }
    // Only 2000::/3 is global unicast; within it, what wraps an IPv4 address is judged by that.
    guard address.high >> 61 == 0b001 else { return wrapsPublicV4(address) }
    if address.high >> 48 == 0x2002 {
      return isPublic(IPAddress(v4: UInt32(truncatingIfNeeded: address.high >> 16)))
    }
    return !reservedV6.contains { $0.contains(address) }
  }

  /// NAT64's own prefix, 64:ff9b::/96 (RFC 6052), holds an IPv4 address.
  private static func wrapsPublicV4(_ address: IPAddress) -> Bool {
    guard address.high == 0x0064_FF9B_0000_0000, address.low >> 32 == 0 else { return false }
    return isPublic(IPAddress(v4: UInt32(truncatingIfNeeded: address.low)))
  }

  private static let reservedV4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
  ].compactMap { AddressBlock($0) }

  private static let reservedV6 = [
    "2001::/23", "2001:db8::/32", "3fff::/20",
  ].compactMap { AddressBlock($0) }
}
