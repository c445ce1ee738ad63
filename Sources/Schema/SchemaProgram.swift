/// Compiled schemas that refer to one another by number.
final class SchemaProgram: Sendable {
  let nodes: [SchemaNode]
  /// For each resource, the node of each dynamic anchor.
  let dynamicNodes: [[Int: Int]]
  let hasDynamic: Bool

  init(_ nodes: [SchemaNode], dynamicNodes: [[Int: Int]], hasDynamic: Bool) {
    self.nodes = nodes
    self.dynamicNodes = dynamicNodes
    self.hasDynamic = hasDynamic
  }
}
