/// A block of addresses, written as CIDR (`10.0.0.0/8`, `2001:db8::/32`) or as one address.
public struct AddressBlock: Hashable, Sendable {
  /// The first address of the block, and how many leading bits all its addresses share, by the
  /// length of the address's own family.
  public let network: IPAddress
  public let prefixLength: Int

  /// Reads `text`; nil if it is no address, if the length is out of range, or if bits are set
  /// behind the prefix, which is more often a slip than a wish.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
    let lengthMax = address.isV4 ? 32 : 128
    var length = lengthMax
    if parts.count == 2 {
      guard let given = Int(parts[1]), given >= 0, given <= lengthMax else { return nil }
      length = given
    }
    guard address.masked(to: length) == address else { return nil }
    network = address
    prefixLength = length
  }

  /// Whether `address` is in the block; never if it is of the other family.
  public func contains(_ address: IPAddress) -> Bool {
    address.isV4 == network.isV4 && address.masked(to: prefixLength) == network
  }
}

extension AddressBlock {
  /// The block of so many leading bits that an address is in.
  public init(_ address: IPAddress, length: Int) {
    network = address.masked(to: length)
    prefixLength = length
  }
}
