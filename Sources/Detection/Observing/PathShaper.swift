import Base

/// Tells endpoints from objects in paths: what looks like an identifier is one, and so is whatever
/// stands where a hundred different words have stood.
///
/// It learns from answers that were a success alone, so that nobody makes it learn by asking for
/// what is not there. Its memory is one table of a fixed size.
public struct PathShaper: Sendable {
  private struct Branch: Sendable {
    var words = LinearCount()
    var isCollapsed = false
  }

  /// Words at one place of a path before they are taken for identifiers.
  static let wordsMax = 100.0
  /// Segments that are looked at; the rest counts as one.
  static let segmentsMax = 24

  private let mix: KeyMix
  private var branches: KeyedTable<Branch>
  /// Where descriptions have parameters, and the words that stand there beside them.
  private var described: [UInt64: Set<UInt64>] = [:]

  /// What stands for an identifier.
  private static let parameter: UInt64 = 0x7B7D

  /// A shaper that keeps `capacity` places of paths in mind.
  public init(mix: KeyMix, capacity: Int = 4096) {
    self.mix = mix
    branches = KeyedTable(capacity: capacity, halfLifeSeconds: 3600, fresh: Branch())
  }

  /// The bytes that it takes, whatever happens.
  public var bytesHeld: Int { branches.bytesHeld }

  /// The shape of a path of a service; `learns` says that there is something at the path.
  public mutating func shape(
    _ path: Span<UInt8>, service: UInt64, learns: Bool, at now: UInt64
  ) -> PathShape {
    var shape = PathShape()
    shape.endpoint = mix.key(service, 1)
    var (start, place) = (0, 0)
    while start < path.count {
      if path[start] == UInt8(ascii: "/") {
        start += 1
        continue
      }
      var end = start
      while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
      if place == PathShaper.segmentsMax - 1 { end = path.count }
      add(path.extracting(start..<end), at: place, to: &shape, learns, now)
      place += 1
      start = end
    }
    return shape
  }

  /// The endpoint of a template such as `/orders/{id}` of a description.
  public func endpoint(template: String, service: UInt64) -> UInt64 {
    walk(template, service) { _, _ in }
  }

  /// Takes over the templates of descriptions: what stands where one has a parameter is an
  /// identifier, unless another has that word there.
  public mutating func describe(_ templates: [(template: String, service: UInt64)]) {
    var words: [UInt64: Set<UInt64>] = [:]
    for (template, service) in templates {
      _ = walk(template, service) { branch, word in
        if word == nil { words[branch] = words[branch] ?? [] }
      }
    }
    for (template, service) in templates {
      _ = walk(template, service) { branch, word in
        if let word, words[branch] != nil { words[branch]?.insert(word) }
      }
    }
    described = words
  }

  /// Goes through a template; `body` gets each place and the word there, nil for a parameter.
  private func walk(
    _ template: String, _ service: UInt64, _ body: (UInt64, UInt64?) -> Void
  ) -> UInt64 {
    var endpoint = mix.key(service, 1)
    for segment in template.split(separator: "/") {
      let bytes = Array(segment.utf8)
      let isParameter = segment.contains("{") || SegmentKind(bytes.span) != .word
      let word = mix.key(bytes.span)
      body(endpoint, isParameter ? nil : word)
      endpoint = mix.key(endpoint, isParameter ? PathShaper.parameter : word)
    }
    return endpoint
  }

  private mutating func add(
    _ segment: Span<UInt8>, at place: Int, to shape: inout PathShape, _ learns: Bool,
    _ now: UInt64
  ) {
    let kind = SegmentKind(segment)
    let word = mix.key(segment)
    if kind == .word, !isCollapsed(shape.endpoint, word, learns, now) {
      shape.endpoint = mix.key(shape.endpoint, word)
      return
    }
    shape.object = mix.key(shape.object, word)
    if case .number(let number) = kind { shape.number = number }
    if place < 64 { shape.parameters |= 1 << UInt64(place) }
    shape.endpoint = mix.key(shape.endpoint, PathShaper.parameter)
  }

  private mutating func isCollapsed(
    _ branch: UInt64, _ word: UInt64, _ learns: Bool, _ now: UInt64
  ) -> Bool {
    if let words = described[branch] { return !words.contains(word) }
    if !learns { return branches.updateIfKnown(branch) { $0.isCollapsed } ?? false }
    return branches.update(branch, at: now) { branch in
      if branch.isCollapsed { return true }
      if branch.words.insert(word), branch.words.estimate > PathShaper.wordsMax {
        branch.isCollapsed = true
      }
      return branch.isCollapsed
    }
  }
}
