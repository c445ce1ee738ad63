import Base
import Blueprint

/// The segments of a path of a route for which case counts, among routes that take any.
struct CasedPath: Sendable {
  /// Nil for a parameter.
  private let segments: [[UInt8]?]

  /// Those of `pattern`; nil if it has no letter that could be of another case.
  init?(_ pattern: PathPattern) {
    segments = pattern.text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map { pattern.kind == .template && $0.hasPrefix("{") ? nil : Array($0.utf8) }
    guard segments.contains(where: { $0?.contains(where: ASCII.isAlpha) == true }) else {
      return nil
    }
  }

  /// Whether a path that fits but for its letters' case fits in that too.
  func fits(_ path: Span<UInt8>) -> Bool {
    var at = 1
    for index in segments.indices {
      var end = at
      while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
      if let segment = segments[index], at <= end,
        !ASCII.equals(path.extracting(at..<end), segment.span)
      {
        return false
      }
      at = end + 1
    }
    return true
  }
}
