public import Base

/// The host of an upstream as its configuration names it: an address, or a name to look up.
///
/// What is no address has to be a host name of RFC 1123 §2.1 (letters, digits and hyphens in
/// labels of 1 to 63 bytes, 253 in all), plus the underscore, which container networks use. A
/// name whose last label is a number is refused, since other software would read it as an IPv4
/// address (`10.1`, `0x7f.1`, `1.2.3.04`). Names beyond ASCII are given in their `xn--` form.
public struct HostAddress: Hashable, Sendable {
  /// The canonical text: lower case, without a trailing dot; an address in its shortest form.
  public let text: String

  /// The address, if the text is one; nothing is looked up then.
  public let literal: IPAddress?

  /// Whether the name ended in a dot: the search list of the system is not tried with it.
  public let isAbsolute: Bool

  /// Reads an address, an IPv6 address in brackets (RFC 3986 §3.2.2), or a name; nil for others.
  public init?(_ given: String) {
    let bytes = Array(given.utf8.prefix(HostAddress.countMax + 2))
    if let address = HostAddress.address(bytes) {
      text = address.description
      literal = address
      isAbsolute = true
      return
    }
    isAbsolute = bytes.last == UInt8(ascii: ".")
    let name = isAbsolute ? Array(bytes.dropLast()) : bytes
    guard HostAddress.isName(name) else { return nil }
    text = String(decoding: name.map(ASCII.lowercased), as: UTF8.self)
    literal = nil
  }

  /// The longest name in text form, without the trailing dot (RFC 1035 §2.3.4).
  static let countMax = 253

  private static func address(_ bytes: [UInt8]) -> IPAddress? {
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "["), bytes[bytes.count - 1] == 0x5D else {
      return IPAddress(bytes.span)
    }
    let inner = Array(bytes[1..<bytes.count - 1])
    return inner.contains(UInt8(ascii: ":")) ? IPAddress(inner.span) : nil
  }

  private static func isName(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 0, bytes.count <= countMax else { return false }
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.allSatisfy(isLabel), let last = labels.last else { return false }
    return !isNumber(last)
  }

  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    guard label.count <= 63, let first = label.first, let last = label.last else { return false }
    let hyphen = UInt8(ascii: "-")
    guard first != hyphen, last != hyphen else { return false }
    return label.allSatisfy {
      ASCII.isAlpha($0) || ASCII.isDigit($0) || $0 == hyphen || $0 == UInt8(ascii: "_")
    }
  }

  /// Whether `label` would be read as a number by parsers of IPv4 addresses: digits, or `0x…`.
  private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
    if label.allSatisfy(ASCII.isDigit) { return true }
    let rest = label.dropFirst(2)
    return label.first == 0x30 && label.dropFirst().first.map(ASCII.lowercased) == 0x78
      && rest.allSatisfy { ASCII.hexValue($0) != nil }
  }
}

extension HostAddress: CustomStringConvertible {
  public var description: String { text }
}
