import Formats

/// Finds routes of which a reader may not see at once which one wins (NRM-10): the order is total,
/// but not what everybody expects.
struct RouteOverlaps {
  /// One path of one route at one host.
  private struct Entry {
    let path: PathPattern
    let segments: [Substring]
    let methods: [String]
    let position: Position

    func isParameter(_ index: Int) -> Bool {
      path.kind == .template && segments[index].hasPrefix("{")
    }
  }

  private struct Place: Hashable {
    let host: HostPattern?
    let count: Int
  }

  /// Paths compared with each other at most; whoever has more has them from a generator.
  private static let comparedMax = 500

  private var places: [Place: [Entry]] = [:]

  /// Takes a route in.
  mutating func insert(_ route: RouteBlueprint) {
    let hosts: [HostPattern?] = route.hosts.isEmpty ? [nil] : route.hosts
    for path in route.paths where path.kind != .exact && path.text != "/" {
      let segments = path.text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      let entry = Entry(
        path: path, segments: segments, methods: route.methods, position: route.position)
      for host in hosts {
        places[Place(host: host, count: segments.count), default: []].append(entry)
      }
    }
  }

  /// What is worth a warning: where, and in which words.
  func findings() -> [(position: Position, message: String, expected: String)] {
    var found: [(Position, String, String)] = []
    for entries in places.values where entries.count <= RouteOverlaps.comparedMax {
      for (index, later) in entries.enumerated() {
        for earlier in entries[..<index] where earlier.position != later.position {
          if let finding = RouteOverlaps.compare(earlier, later) { found.append(finding) }
        }
      }
    }
    return found.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
  }

  private static func compare(
    _ one: Entry, _ other: Entry
  ) -> (Position, String, String)? {
    let shareMethods =
      one.methods.isEmpty || other.methods.isEmpty
      || !Set(one.methods).isDisjoint(with: other.methods)
    guard shareMethods, one.path.kind == .template || other.path.kind == .template else {
      return nil
    }
    var (isMoreOpen, isMoreNarrow) = (false, false)
    for index in one.segments.indices {
      switch (one.isParameter(index), other.isParameter(index)) {
      case (true, true): break
      case (true, false): isMoreOpen = true
      case (false, true): isMoreNarrow = true
      case (false, false): if one.segments[index] != other.segments[index] { return nil }
      }
    }
    let position = max(one.position, other.position)
    if one.path.kind == other.path.kind {
      guard isMoreOpen, isMoreNarrow else { return nil }
      return (
        position, "'\(one.path)' and '\(other.path)' fit some of the same paths",
        "to know which wins: gatehouse explain"
      )
    }
    // A prefix that is one of the template's paths: the template has that path, and not what is
    // below it.
    let (prefix, template) = one.path.kind == .prefix ? (one, other) : (other, one)
    return (
      prefix.position,
      "'\(prefix.path)' itself goes to '\(template.path)' in line "
        + "\(template.position.line): a template goes before a prefix",
      "'= \(prefix.path)' beside it, if it is not to"
    )
  }
}
