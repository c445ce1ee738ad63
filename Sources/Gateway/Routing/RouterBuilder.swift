import Base
import Blueprint

/// Compiles routes into the tables of a router.
struct RouterBuilder {
  private(set) var hosts = HostTable()
  private(set) var trie = RouteTrie()
  /// One route at one path.
  private typealias Member = (entry: RouterEntry, path: CasedPath?)

  /// For each list, what it is made of.
  private var lists: [[Member]] = []
  /// The hosts some route of which takes paths in any case.
  private let foldingHosts: Set<HostPattern?>
  /// Nodes where a template ends, each with whether its segments are parameters.
  private var templates: [Int: [Bool]] = [:]

  /// A builder for these routes.
  init(_ entries: [RouterEntry]) {
    let folding = entries.filter(\.blueprint.ignoresPathCase)
    foldingHosts = Set(folding.flatMap { Self.hosts($0) })
    for entry in entries { insert(entry) }
    finish()
  }

  private static func hosts(_ entry: RouterEntry) -> [HostPattern?] {
    entry.blueprint.hosts.isEmpty ? [nil] : Array(Set(entry.blueprint.hosts))
  }

  /// Takes in a route, at every host and path that it has.
  private mutating func insert(_ entry: RouterEntry) {
    for host in Self.hosts(entry) {
      let level = level(for: host)
      let isCased = trie.levels[level].foldsCase && !entry.blueprint.ignoresPathCase
      var shapes: Set<String> = []
      for path in entry.blueprint.paths where shapes.insert("\(path.kind)\(path.shape)").inserted {
        let list = list(for: path, level)
        lists[list].append((entry, isCased ? CasedPath(path) : nil))
      }
    }
  }

  /// Brings candidates and templates into their order.
  private mutating func finish() {
    for list in lists {
      let ordered =
        list.count == 1 ? list : list.sorted { Self.precedes($0.entry, $1.entry) }
      for (entry, path) in ordered {
        trie.candidates.append(RouteCandidate(entry, path, details: &trie.details))
      }
      trie.listStarts.append(Int32(trie.candidates.count))
    }
    let ordered = templates.sorted { Self.isMoreLiteral($0.value, $1.value) }
    for (rank, template) in ordered.enumerated() {
      trie.nodes[template.key].rank = Int32(rank)
    }
  }

  private mutating func level(for host: HostPattern?) -> Int {
    let fresh = Int32(trie.levels.count)
    let found: Int32
    if let host {
      let name = host.name.utf8.span
      found =
        host.isWildcard
        ? hosts.wildcards.insert(0, name, fresh) : hosts.exact.insert(0, name, fresh)
    } else {
      if hosts.any < 0 { hosts.any = fresh }
      found = hosts.any
    }
    if found == fresh {
      let folds = foldingHosts.contains(host)
      trie.levels.append(RouteTrie.Level(root: Int32(makeNode()), foldsCase: folds))
    }
    return Int(found)
  }

  /// The number of the list of candidates for a path; a new one if the path is new.
  private mutating func list(for path: PathPattern, _ level: Int) -> Int {
    if path.kind != .prefix || path.text != "/" { trie.levels[level].hasPaths = true }
    if path.kind == .exact {
      trie.levels[level].hasExact = true
      let fresh = Int32(lists.count)
      let text = trie.levels[level].foldsCase ? path.text.lowercased() : path.text
      let found = trie.exact.insert(Int32(level), text.utf8.span, fresh)
      if found == fresh { lists.append([]) }
      return Int(found)
    }
    let node = node(for: path, level)
    let known = path.kind == .prefix ? trie.nodes[node].prefix : trie.nodes[node].template
    if known >= 0 { return Int(known) }
    let fresh = lists.count
    lists.append([])
    if path.kind == .prefix {
      trie.nodes[node].prefix = Int32(fresh)
    } else {
      trie.nodes[node].template = Int32(fresh)
      trie.levels[level].hasTemplates = true
      templates[node] = Self.segments(path).map { $0.hasPrefix("{") }
    }
    return fresh
  }

  private mutating func node(for path: PathPattern, _ level: Int) -> Int {
    var node = Int(trie.levels[level].root)
    if path.kind == .prefix, path.text == "/" { return node }
    for segment in Self.segments(path) {
      node =
        path.kind == .template && segment.hasPrefix("{")
        ? parameter(below: node)
        : literal(trie.levels[level].foldsCase ? segment.lowercased() : String(segment), node)
    }
    return node
  }

  private mutating func parameter(below node: Int) -> Int {
    let known = trie.nodes[node].parameter
    if known >= 0 { return Int(known) }
    let fresh = makeNode()
    trie.nodes[node].parameter = Int32(fresh)
    return fresh
  }

  private mutating func literal(_ segment: String, _ node: Int) -> Int {
    trie.nodes[node].hasLiterals = true
    let fresh = trie.nodes.count
    let found = Int(trie.edges.insert(Int32(node), segment.utf8.span, Int32(fresh)))
    if found == fresh { trie.nodes.append(RouteTrie.Node()) }
    return found
  }

  private mutating func makeNode() -> Int {
    trie.nodes.append(RouteTrie.Node())
    return trie.nodes.count - 1
  }

  private static func segments(_ path: PathPattern) -> [Substring] {
    path.text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  }

  /// Fewer parameters first, then a literal before a parameter where the two first differ.
  private static func isMoreLiteral(_ left: [Bool], _ right: [Bool]) -> Bool {
    let (ours, theirs) = (left.count { $0 }, right.count { $0 })
    if ours != theirs { return ours < theirs }
    return left.lexicographicallyPrecedes(right) { !$0 && $1 }
  }

  /// Those for which case counts first, then listed methods, then more conditions; what remains is
  /// decided by the conditions themselves, so that the order of the file has no say.
  private static func precedes(_ left: RouterEntry, _ right: RouterEntry) -> Bool {
    let (ours, theirs) = (left.blueprint, right.blueprint)
    if ours.ignoresPathCase != theirs.ignoresPathCase { return theirs.ignoresPathCase }
    if ours.methods.isEmpty != theirs.methods.isEmpty { return theirs.methods.isEmpty }
    if ours.headers.count != theirs.headers.count {
      return ours.headers.count > theirs.headers.count
    }
    let (mine, other) = (
      ours.headers.map { [$0.name, $0.value] }, theirs.headers.map { [$0.name, $0.value] }
    )
    if mine != other {
      return mine.lexicographicallyPrecedes(other) { $0.lexicographicallyPrecedes($1) }
    }
    let (verbs, verbsOther) = (ours.methods.sorted(), theirs.methods.sorted())
    if verbs != verbsOther { return verbs.lexicographicallyPrecedes(verbsOther) }
    return left.route < right.route
  }
}
