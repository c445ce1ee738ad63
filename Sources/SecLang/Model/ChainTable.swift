/// All chains of transformations of a set of rules, as a tree: chains that begin alike share.
struct ChainTable: Sendable {
  /// One step, behind its parent's.
  struct Node: Sendable {
    let parent: Int
    let transformation: Transformation
    let needs: TextTraits
  }

  /// The first stands for no step at all.
  private(set) var nodes: [Node] = [
    Node(parent: 0, transformation: .lowercase, needs: [])
  ]
  /// The nodes, besides the first, whose results rules look at, with all on the way there, in an
  /// order that has parents first; by kind of input.
  private(set) var nodesOfKind = [[Int]](repeating: [], count: InputKind.allCases.count)

  /// The node of `steps`, made if it is not there; and the nodes on the way to it.
  mutating func add(_ steps: [Transformation]) -> [Int] {
    var place = 0
    var path = [0]
    for step in steps {
      let known = nodes.indices.dropFirst().first {
        nodes[$0].parent == place && nodes[$0].transformation == step
      }
      if let known {
        place = known
      } else {
        nodes.append(Node(parent: place, transformation: step, needs: step.needs))
        place = nodes.count - 1
      }
      path.append(place)
    }
    return path
  }

  /// The table with what each kind needs for `rules`.
  func narrowed(to rules: [Rule]) -> ChainTable {
    var table = self
    for kind in InputKind.allCases {
      var needed: Set<Int> = []
      for rule in rules where RuleSet.phases.contains(rule.phase) && rule.kinds & kind.bit != 0 {
        for chain in rule.chains {
          var place = chain
          while place != 0, needed.insert(place).inserted { place = nodes[place].parent }
        }
      }
      table.nodesOfKind[Int(kind.rawValue)] = needed.sorted()
    }
    return table
  }
}
