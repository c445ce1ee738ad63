import Base
import HTTP

/// The search for one request's route; lives as long as the search.
struct RouteSearch {
  /// Nodes visited at most for one request. Only templates that differ in many places from each
  /// other come near it; a request that needs more is refused, since any answer would be a guess.
  static let visitsMax = 4096

  /// Whether a route would fit if the method were another.
  var methodMissed = false
  /// Whether the search was given up.
  private(set) var isExhausted = false
  /// Whether the host's paths are taken in any case.
  private var folds = false
  private var visits = 0
  private var rank = Int32.max
  private var place = -1

  init() {}

  /// The place of the best candidate at one host.
  mutating func find(
    _ trie: borrowing RouteTrie, _ level: Int, _ request: borrowing RequestHead
  ) -> Int? {
    let shape = trie.levels[level]
    let path = request.fields[request.path]
    folds = shape.foldsCase
    if shape.hasExact {
      let list =
        folds ? trie.exact.findFolded(Int32(level), path) : trie.exact.find(Int32(level), path)
      if keep(trie, list, request) { return place }
    }
    if shape.hasTemplates, path.count > 0, path[0] == UInt8(ascii: "/") {
      walkTemplates(trie, shape.root, from: 1, request)
      if isExhausted { return nil }
      if place >= 0 { return place }
    }
    walkPrefixes(trie, shape.root, request)
    return place >= 0 ? place : nil
  }

  /// Visits all templates that fit; few do, and which is best is not known before.
  private mutating func walkTemplates(
    _ trie: borrowing RouteTrie, _ start: Int32, from offset: Int,
    _ request: borrowing RequestHead
  ) {
    let path = request.fields[request.path]
    var node = Int(start)
    var at = offset
    while at <= path.count {
      visits += 1
      guard visits <= Self.visitsMax else {
        isExhausted = true
        return
      }
      let end = Self.endOfSegment(path, at)
      let parameter = trie.nodes[node].parameter
      if parameter >= 0, end > at { walkTemplates(trie, parameter, from: end + 1, request) }
      guard trie.nodes[node].hasLiterals else { return }
      let child = child(trie, node, path.extracting(at..<end))
      if child < 0 { return }
      node = Int(child)
      at = end + 1
    }
    let found = trie.nodes[node]
    if found.rank < rank, keep(trie, found.template, request) { rank = found.rank }
  }

  /// Follows the path; the last prefix that fits is the longest.
  private mutating func walkPrefixes(
    _ trie: borrowing RouteTrie, _ root: Int32, _ request: borrowing RequestHead
  ) {
    let path = request.fields[request.path]
    var node = Int(root)
    _ = keep(trie, trie.nodes[node].prefix, request)
    guard path.count > 0, path[0] == UInt8(ascii: "/") else { return }
    var at = 1
    while at <= path.count, trie.nodes[node].hasLiterals {
      let end = Self.endOfSegment(path, at)
      let child = child(trie, node, path.extracting(at..<end))
      if child < 0 { return }
      node = Int(child)
      at = end + 1
      _ = keep(trie, trie.nodes[node].prefix, request)
    }
  }

  private func child(
    _ trie: borrowing RouteTrie, _ node: Int, _ segment: Span<UInt8>
  ) -> Int32 {
    folds ? trie.edges.findFolded(Int32(node), segment) : trie.edges.find(Int32(node), segment)
  }

  private static func endOfSegment(_ path: Span<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
    return end
  }

  /// Keeps the first candidate of a list that fits; false if none does.
  private mutating func keep(
    _ trie: borrowing RouteTrie, _ number: Int32, _ request: borrowing RequestHead
  ) -> Bool {
    guard number >= 0 else { return false }
    var implied = -1
    let candidates = trie.candidates.span
    let (first, end) = (Int(trie.listStarts[Int(number)]), Int(trie.listStarts[Int(number) + 1]))
    for index in first..<end {
      if implied >= 0,
        !candidates[index].namesMethods
          || candidates[index].ignoresPathCase != candidates[implied].ignoresPathCase
      {
        break
      }
      guard candidates[index].caseFits(request, trie.details) else { continue }
      let fit = candidates[index].fit(request, trie.details)
      if fit == .no, methodMissed { continue }
      guard candidates[index].fieldsFit(request, trie.details) else { continue }
      switch fit {
      case .no: methodMissed = true
      case .implied: implied = implied < 0 ? index : implied
      case .yes:
        place = index
        return true
      }
    }
    guard implied >= 0 else { return false }
    place = implied
    return true
  }
}
