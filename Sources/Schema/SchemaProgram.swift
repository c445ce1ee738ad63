import Pattern

/// Compiled schemas that refer to one another by number.
final class SchemaProgram: Sendable {
  let nodes: [SchemaNode]
  /// What each says that is done with by a glance.
  let leaves: [SchemaLeaf]
  /// The patterns of the leaves.
  let patterns: [Pattern]
  /// For each resource, the node of each dynamic anchor.
  let dynamicNodes: [[Int: Int]]
  let hasDynamic: Bool

  init(_ nodes: [SchemaNode], dynamicNodes: [[Int: Int]], hasDynamic: Bool) {
    self.nodes = nodes
    self.dynamicNodes = dynamicNodes
    self.hasDynamic = hasDynamic
    var patterns: [Pattern] = []
    leaves = nodes.map { SchemaLeaf($0.rules, &patterns) }
    self.patterns = patterns
  }
}
