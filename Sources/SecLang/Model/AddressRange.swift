import Base

/// A block of addresses, such as `10.0.0.0/8`.
struct AddressRange: Sendable {
  private let block: AddressBlock

  /// Nil if `text` is neither a block nor an address.
  init?(_ text: String) {
    guard let block = AddressBlock(text) else { return nil }
    self.block = block
  }

  func contains(_ address: IPAddress) -> Bool { block.contains(address) }
}
