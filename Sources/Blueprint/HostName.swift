import Base

/// The grammar of host names.
enum HostName {
  /// Whether `name` is a name of labels (RFC 1123 §2.1, underscores allowed as in practice), and
  /// not a number that some resolver takes for an address (`127.1`, `0x7f000001`).
  static func isValid(_ name: Substring) -> Bool {
    guard (1...253).contains(name.utf8.count) else { return false }
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let areLabels = labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
        && label.last != UInt8(ascii: "-")
        && label.allSatisfy {
          ASCII.isAlpha($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-")
            || $0 == UInt8(ascii: "_")
        }
    }
    guard areLabels, let last = labels.last, let first = last.first else { return false }
    let isHexadecimal =
      last.count > 1 && first == UInt8(ascii: "0")
      && ASCII.lowercased(last[last.index(after: last.startIndex)]) == UInt8(ascii: "x")
    return !isHexadecimal && !last.allSatisfy { ASCII.isDigit($0) }
  }
}
