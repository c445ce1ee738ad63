import Formats

/// The paths of a description, found segment by segment; fixed segments go before templates
/// (OpenAPI 3.1 §4.8.8.2).
struct PathTree: Sendable {
  /// One level: what may stand in the next segment.
  private struct Level: Sendable {
    var fixed: [UInt64: [(segment: [UInt8], level: Int)]] = [:]
    var templates: [(template: SegmentTemplate, level: Int)] = []
    /// The number of the path that ends here; -1 for none.
    var path = -1
  }

  /// A path that was found, and what its parameters stand for, as places in the path looked for.
  struct Found {
    var path: Int
    var captures: [Range<Int>]
  }

  private var levels = [Level()]

  /// Enters a path template; returns the number of its path, which is that of another template if
  /// both match the same paths.
  mutating func insert(_ template: String, _ path: Int) -> Int {
    var level = 0
    for segment in template.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      level = next(level, String(segment))
    }
    if levels[level].path < 0 { levels[level].path = path }
    return levels[level].path
  }

  private mutating func next(_ level: Int, _ segment: String) -> Int {
    if segment.contains("{") {
      let template = SegmentTemplate(segment)
      if let known = levels[level].templates.first(where: { $0.template == template }) {
        return known.level
      }
      levels.append(Level())
      levels[level].templates.append((template, levels.count - 1))
      // The more of a segment is fixed, the earlier it is tried.
      levels[level].templates.sort { $0.template.fixedCount > $1.template.fixedCount }
      return levels.count - 1
    }
    let bytes = SegmentTemplate.encoded(segment)
    let hash = JSONHash().of(bytes.span)
    if let known = levels[level].fixed[hash]?.first(where: { $0.segment == bytes }) {
      return known.level
    }
    levels.append(Level())
    levels[level].fixed[hash, default: []].append((bytes, levels.count - 1))
    return levels.count - 1
  }

  /// The paths that match, the most exact first, until `isWanted` takes one.
  func find(_ path: Span<UInt8>, where isWanted: (Int) -> Bool) -> Found? {
    guard path.count > 0, path[0] == UInt8(ascii: "/") else { return nil }
    var captures: [Range<Int>] = []
    let found = find(path, 1, 0, &captures, isWanted)
    return found >= 0 ? Found(path: found, captures: captures) : nil
  }

  /// `at` is where a segment begins. Levels are as many as segments in the longest template, and
  /// each is looked at once for every template on the way: nothing a request says adds to that.
  private func find(
    _ path: Span<UInt8>, _ at: Int, _ level: Int, _ captures: inout [Range<Int>],
    _ isWanted: (Int) -> Bool
  ) -> Int {
    if at > path.count {
      let found = levels[level].path
      return found >= 0 && isWanted(found) ? found : -1
    }
    var end = at
    while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
    let segment = path.extracting(at..<end)
    if !levels[level].fixed.isEmpty, let same = levels[level].fixed[JSONHash().of(segment)] {
      for child in same where PathTree.areEqual(segment, child.segment) {
        let found = find(path, end + 1, child.level, &captures, isWanted)
        if found >= 0 { return found }
      }
    }
    for child in levels[level].templates {
      let count = captures.count
      if child.template.matches(path, at..<end, &captures) {
        let found = find(path, end + 1, child.level, &captures, isWanted)
        if found >= 0 { return found }
      }
      captures.removeLast(captures.count - count)
    }
    return -1
  }

  static func areEqual(_ left: Span<UInt8>, _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    for at in left.indices where left[at] != right[at] { return false }
    return true
  }
}
