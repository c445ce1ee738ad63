/// Where a browser may be sent after a login: to this host, and nowhere else.
enum LocalTarget {
  /// Whether a target is a path, perhaps with a query, that no browser takes for another host.
  static func isLocal(_ target: String) -> Bool {
    let bytes = Array(target.utf8)
    guard bytes.first == UInt8(ascii: "/"), bytes.count <= 1024 else { return false }
    if bytes.count > 1, bytes[1] == UInt8(ascii: "/") || bytes[1] == UInt8(ascii: "\\") {
      return false
    }
    return bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
  }
}
