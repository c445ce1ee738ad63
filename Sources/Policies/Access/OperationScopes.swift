import Formats
import PolicyKit

/// Which scopes each operation asks for; one that is not listed may nobody call, unless `*` says
/// what it needs.
struct OperationScopes: Sendable {
  private let scopes: [String: Set<String>]
  private static let others = "*"

  /// Reads the mapping of operations to scopes; nil if there is none.
  init?(_ settings: inout Settings) {
    guard let node = settings.node("operations") else { return nil }
    guard node.kind == .mapping, node.count > 0 else {
      settings.error(
        "'operations' is no mapping of operations to scopes",
        expected: "such as 'GET /orders': [orders:read]", at: "operations")
      return nil
    }
    var scopes: [String: Set<String>] = [:]
    for place in 0..<node.count {
      let (key, value) = node.pair(place)
      let name = key.text ?? ""
      let nodes = value.kind == .sequence ? value.elements : [value]
      scopes[name] = Set(nodes.compactMap { settings.text(of: $0, name)?.string })
    }
    self.scopes = scopes
  }

  /// The operations that are listed by name.
  var names: Set<String> { Set(scopes.keys).subtracting([OperationScopes.others]) }

  /// Whether what was granted is enough for the operations called `names`: for each of them.
  func permit(_ granted: Set<String>, operations names: [String]) -> Bool {
    let known = names.filter { scopes[$0] != nil }
    if known.isEmpty {
      guard let others = scopes[OperationScopes.others] else { return false }
      return others.isSubset(of: granted)
    }
    return known.allSatisfy { scopes[$0]?.isSubset(of: granted) ?? false }
  }
}
