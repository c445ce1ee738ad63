import Base
import Blueprint
import HTTP

/// All path patterns of one host, found by hashing the path once.
///
/// Order: exact path, templates (more literal segments first), prefixes (longest first).
struct HostLevel: Sendable {
  private static let segmentsMax = 48

  /// Which segments of a template are literal, for paths of one number of segments.
  private struct TemplateShape: Sendable, Hashable {
    let segments: Int
    let literals: UInt64
  }

  private let seed: UInt64
  private var exact: [UInt64: [RouteCandidate]] = [:]
  private var prefixes: [UInt64: [RouteCandidate]] = [:]
  private var shapes: [Int: [TemplateShape]] = [:]
  private var templates: [UInt64: [RouteCandidate]] = [:]
  /// Whether it has nothing but the prefix `/`: then no path rule can be slipped past.
  private(set) var isCatchAll = true

  init(seed: UInt64) { self.seed = seed }

  // MARK: Building

  mutating func add(_ entry: RouterEntry, _ path: PathPattern) {
    let candidate = RouteCandidate(entry, pattern: path.text)
    let bytes = Array(path.text.utf8)
    switch path.kind {
    case .exact:
      isCatchAll = false
      exact[hash(bytes), default: []].append(candidate)
    case .prefix:
      if path.text != "/" { isCatchAll = false }
      prefixes[hash(path.text == "/" ? [] : bytes), default: []].append(candidate)
    case .template:
      isCatchAll = false
      addTemplate(candidate, bytes)
    }
  }

  private mutating func addTemplate(_ candidate: RouteCandidate, _ bytes: [UInt8]) {
    let segments = bytes.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    var literals: UInt64 = 0
    for (place, segment) in segments.enumerated() where segment.first != UInt8(ascii: "{") {
      literals |= 1 << UInt64(63 - min(place, 63))
    }
    let shape = TemplateShape(segments: segments.count, literals: literals)
    if !(shapes[shape.segments]?.contains(shape) ?? false) {
      shapes[shape.segments, default: []].append(shape)
    }
    templates[templateHash(bytes.span, shape), default: []].append(candidate)
  }

  /// Puts everything in the order of asking, once all is added.
  mutating func finish() {
    for key in exact.keys { exact[key]?.sort(by: RouteCandidate.precedes) }
    for key in prefixes.keys { prefixes[key]?.sort(by: RouteCandidate.precedes) }
    for key in templates.keys { templates[key]?.sort(by: RouteCandidate.precedes) }
    for key in shapes.keys {
      shapes[key]?.sort {
        let (left, right) = ($0.literals.nonzeroBitCount, $1.literals.nonzeroBitCount)
        return left != right ? left > right : $0.literals > $1.literals
      }
    }
  }

  private func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash = PathHash(seed: seed)
    hash.add(bytes.span)
    return hash.value
  }

  /// The hash of the literal segments of a path or pattern, by their places.
  private func templateHash(_ path: Span<UInt8>, _ shape: TemplateShape) -> UInt64 {
    var hash = PathHash(seed: seed ^ shape.literals ^ UInt64(shape.segments))
    var place = -1
    for index in path.indices {
      if path[index] == UInt8(ascii: "/") {
        place += 1
        hash.add(0)
      } else if shape.literals >> UInt64(63 - min(max(place, 0), 63)) & 1 == 1 {
        hash.add(path[index])
      }
    }
    return hash.value
  }

  // MARK: Matching

  /// Asks the candidates for a path in order; `visit` answers true to stop.
  func candidates(
    _ path: Span<UInt8>, _ visit: (borrowing RouteCandidate) -> Bool
  ) -> Bool {
    var ends = InlineArray<48, Int>(repeating: 0)
    var hashes = InlineArray<48, UInt64>(repeating: 0)
    var (count, segments) = (0, 0)
    var running = PathHash(seed: seed)
    for index in path.indices {
      if path[index] == UInt8(ascii: "/") {
        segments += 1
        if count < HostLevel.segmentsMax {
          (ends[count], hashes[count]) = (index, running.value)
          count += 1
        }
      }
      running.add(path[index])
    }
    if let found = exact[running.value], ask(found, path, visit) { return true }
    if let known = shapes[segments], askTemplates(known, path, visit) { return true }
    if let found = prefixes[running.value], ask(found, path, visit) { return true }
    while count > 0 {
      count -= 1
      guard let found = prefixes[hashes[count]] else { continue }
      if ask(found, path.extracting(first: ends[count]), visit) { return true }
    }
    return false
  }

  private func ask(
    _ found: [RouteCandidate], _ path: Span<UInt8>, _ visit: (borrowing RouteCandidate) -> Bool
  ) -> Bool {
    for index in found.indices {
      let pattern = found[index].pattern
      let isRoot = path.isEmpty && pattern.count == 1
      if isRoot || ASCII.equals(pattern.span, path), visit(found[index]) { return true }
    }
    return false
  }

  private func askTemplates(
    _ known: [TemplateShape], _ path: Span<UInt8>, _ visit: (borrowing RouteCandidate) -> Bool
  ) -> Bool {
    for shape in known.indices {
      guard let found = templates[templateHash(path, known[shape])] else { continue }
      for index in found.indices {
        let pattern = found[index].pattern
        if HostLevel.fits(pattern.span, path) && visit(found[index]) { return true }
      }
    }
    return false
  }

  /// Whether a path is one of a template: equal literal segments, and parameters not empty.
  private static func fits(_ pattern: Span<UInt8>, _ path: Span<UInt8>) -> Bool {
    var (at, read) = (0, 0)
    while at < pattern.count, read < path.count {
      if pattern[at] == UInt8(ascii: "{") {
        let start = read
        while read < path.count, path[read] != UInt8(ascii: "/") { read += 1 }
        if read == start { return false }
        while at < pattern.count, pattern[at] != UInt8(ascii: "/") { at += 1 }
      } else {
        if pattern[at] != path[read] { return false }
        at += 1
        read += 1
      }
    }
    return at == pattern.count && read == path.count
  }
}
