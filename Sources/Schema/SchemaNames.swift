/// The names that a schema has rules for, each with a number, as they are read.
struct SchemaNames: Sendable {
  private(set) var names: [String] = []
  /// The schema of each; -1 if there is none.
  private(set) var nodes: [Int] = []

  /// The number of `name`, which is added if it is new.
  mutating func number(of name: String) -> Int {
    let plain = Array(name.utf8)
    if let known = names.firstIndex(where: { $0.utf8.elementsEqual(plain) }) { return known }
    names.append(name)
    nodes.append(-1)
    return names.count - 1
  }

  mutating func set(_ node: Int, for name: String) { nodes[number(of: name)] = node }
}
