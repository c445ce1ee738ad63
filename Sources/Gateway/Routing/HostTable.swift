import Base

/// Finds the levels of routes that are for a host, the most specific first.
struct HostTable: Sendable {
  /// Longest name that a wildcard is sought for: names have 253 bytes at most (RFC 1035 §2.3.4).
  static let nameBytesMax = 255

  var exact = ByteTable()
  var wildcards = ByteTable()
  /// The level for every host, or -1.
  var any: Int32 = -1

  /// The way from a host's own routes to those for any host.
  struct Walk {
    private enum Stage { case exact, wildcards, any, done }
    private var stage = Stage.exact
    private var at = 0

    /// The next level, or nil behind the last.
    mutating func next(_ table: borrowing HostTable, _ host: Span<UInt8>) -> Int? {
      while true {
        switch stage {
        case .exact:
          stage = table.wildcards.isEmpty || host.count > nameBytesMax ? .any : .wildcards
          let found = table.exact.find(0, host)
          if found >= 0 { return Int(found) }
        case .wildcards:
          let found = nextWildcard(table, host)
          if found >= 0 { return Int(found) }
          stage = .any
        case .any:
          stage = .done
          if table.any >= 0 { return Int(table.any) }
        case .done:
          return nil
        }
      }
    }

    /// Behind each dot stands a shorter name, so the longest wildcard comes first.
    private mutating func nextWildcard(
      _ table: borrowing HostTable, _ host: Span<UInt8>
    ) -> Int32 {
      while at < host.count {
        at += 1
        guard host[at - 1] == UInt8(ascii: "."), at > 1 else { continue }
        let found = table.wildcards.find(0, host.extracting(at..<host.count))
        if found >= 0 { return found }
      }
      return -1
    }
  }
}
