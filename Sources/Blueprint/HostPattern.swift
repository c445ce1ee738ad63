import Base

/// The hosts of a route: one name or address, or `*.` and a name for everything below that name.
public struct HostPattern: Hashable, Sendable {
  /// In lower case, without `*.`, brackets, port or final dot.
  public let name: String
  /// Whether names with one label or more before `name` are meant, and not `name` itself.
  public let isWildcard: Bool

  /// Why a text is no host pattern.
  public enum Failure: Error { case anyHost, port, notASCII, misplacedWildcard, invalid }

  /// Reads a name, an address or `*.` and a name; throws why it is none of them.
  public init(_ text: String) throws(Failure) {
    if text == "*" { throw .anyHost }
    isWildcard = text.hasPrefix("*.")
    let bare = isWildcard ? text.dropFirst(2) : text[...]
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else { throw .notASCII }
    if bare.hasPrefix("["), bare.hasSuffix("]"), !isWildcard {
      guard let address = IPAddress(String(bare.dropFirst().dropLast())), !address.isV4 else {
        throw .invalid
      }
      name = address.description
      return
    }
    if let address = IPAddress(String(bare)), !isWildcard {
      name = address.description
      return
    }
    if bare.contains("*") { throw .misplacedWildcard }
    if bare.contains(":") { throw .port }
    guard HostName.isValid(bare) else { throw .invalid }
    name = bare.lowercased()
  }
}

extension HostPattern: CustomStringConvertible {
  /// As it is written in a configuration.
  public var description: String { isWildcard ? "*.\(name)" : name }
}
