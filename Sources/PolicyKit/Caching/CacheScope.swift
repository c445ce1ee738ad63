/// Which kept responses are meant by whoever has them forgotten.
public struct CacheScope: Sendable {
  /// Of which service; nil for all.
  public var service: [UInt8]?
  /// Of which host, without port, in lower case; nil for all.
  public var host: [UInt8]?
  /// Of which path, in canonical form, whatever the query; nil for all.
  public var path: [UInt8]?
  /// Whether those below the path are meant as well.
  public var isBelow = false

  /// All of them.
  public init() {}

  /// Whether a response of this key is meant.
  public func contains(_ key: CacheKey) -> Bool {
    if let service, key.service != service[...] { return false }
    if let host, key.host != host[...] { return false }
    guard let path else { return true }
    let other = key.path
    if other == path[...] { return true }
    guard isBelow, other.starts(with: path) else { return false }
    return path.last == UInt8(ascii: "/")
      || other[other.startIndex + path.count] == UInt8(ascii: "/")
  }
}
