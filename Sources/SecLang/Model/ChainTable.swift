/// All chains of transformations of a set of rules, as a tree: chains that begin alike share.
struct ChainTable: Sendable {
  /// One step, behind its parent's.
  struct Node: Sendable {
    let parent: Int
    let transformation: Transformation
    /// What a text must hold for the step to change it.
    let needs: TextTraits
    /// What a text must hold for any step up to here to change it.
    let needsOnTheWay: TextTraits
  }

  /// What is made of each input of one kind.
  struct Plan: Sendable {
    /// The nodes, besides the first, that patterns look at or that are on the way there, parents
    /// first.
    var nodes: [Int] = []
    /// By node: what its result must hold for a pattern to match it, or what is made of it.
    var reach: [TextTraits] = []
    /// What an input must hold for any step to change it.
    var triggers: TextTraits = []
  }

  /// The first stands for no step at all.
  private(set) var nodes: [Node] = [
    Node(parent: 0, transformation: .lowercase, needs: [], needsOnTheWay: [])
  ]

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
        nodes.append(
          Node(
            parent: place, transformation: step, needs: step.needs,
            needsOnTheWay: nodes[place].needsOnTheWay.union(step.needs)))
        place = nodes.count - 1
      }
      path.append(place)
    }
    return path
  }

  /// What is made of inputs whose patterns are `uses`: a node each, and what the pattern needs.
  func plan(_ uses: [(node: Int, needs: TextTraits)]) -> Plan {
    var plan = Plan()
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    plan.reach = [TextTraits](repeating: [], count: nodes.count)
    for use in uses {
      plan.reach[use.node].formUnion(use.needs)
      var place = use.node
      while place != 0, !isNeeded[place] {
        isNeeded[place] = true
        place = nodes[place].parent
      }
    }
    plan.nodes = nodes.indices.filter { $0 > 0 && isNeeded[$0] }
    // Children stand behind their parents.
    for place in plan.nodes.reversed() {
      let node = nodes[place]
      plan.triggers.formUnion(node.needs)
      plan.reach[node.parent].formUnion(plan.reach[place])
      // What undoes an encoding may make anything of what it needs.
      if !node.transformation.addsNothing { plan.reach[node.parent].formUnion(node.needs) }
    }
    return plan
  }
}
