public import Base

/// Whom a ban keeps out.
public enum BanTarget: Hashable, Sendable {
  /// All of a block of addresses.
  case addresses(AddressBlock)
  /// Whoever shows this name, from where it has never been right.
  case subject(String)

  /// Longest name, in bytes.
  public static let subjectBytesMax = 256
  private static let mark = "subject:"

  /// Reads an address, which stands for its /64 in IPv6, a block, or `subject:` and a name.
  public init?(_ text: String) {
    if text.hasPrefix(BanTarget.mark) {
      let name = String(text.dropFirst(BanTarget.mark.count))
      guard !name.isEmpty, name.utf8.count <= BanTarget.subjectBytesMax else { return nil }
      self = .subject(name)
    } else if let address = IPAddress(text) {
      self.init(address)
    } else if let block = AddressBlock(text), block.prefixLength > 0 {
      self = .addresses(block)
    } else {
      return nil
    }
  }

  /// An address, or its /64 in IPv6.
  public init(_ address: IPAddress) {
    self = .addresses(AddressBlock(address, length: address.isV4 ? 32 : 64))
  }

  /// The network of an address that a ban may be for: the /24 in IPv4, the /48 in IPv6.
  public init(networkOf address: IPAddress) {
    self = .addresses(AddressBlock(address, length: address.isV4 ? 24 : 48))
  }

  /// As it is written.
  public var text: String {
    switch self {
    case .subject(let name): BanTarget.mark + name
    case .addresses(let block) where block.network.isV4 && block.prefixLength == 32:
      "\(block.network)"
    case .addresses(let block): "\(block.network)/\(block.prefixLength)"
    }
  }
}
