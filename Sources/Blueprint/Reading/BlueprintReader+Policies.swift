import Formats

extension BlueprintReader {
  /// Most policies of one service or route: each costs every request time.
  static let policiesMax = 64

  /// The policies in the list below `policies`: each a mapping of one key, or a name alone.
  func policies(_ settings: inout Settings) -> [PolicyBlueprint] {
    let nodes = settings.nodes("policies") ?? []
    guard nodes.count <= BlueprintReader.policiesMax else {
      settings.error(
        "'policies' has \(nodes.count) of them", expected: "at most \(BlueprintReader.policiesMax)",
        at: "policies")
      return []
    }
    return nodes.compactMap { node in
      guard let policy = policy(node) else {
        settings.error(
          "this is no policy", expected: "a name and its settings, such as 'api-key: {}'",
          at: node.position)
        return nil
      }
      if let known = policies, !known.contains(policy.name) {
        settings.diagnostics.refuse(
          "unknown policy", Text(policy.name, at: policy.position), among: known)
      }
      return policy
    }
  }

  private func policy(_ node: Node) -> PolicyBlueprint? {
    switch node.kind {
    case .scalar where !node.isNull:
      let position = node.position
      return node.text.map {
        PolicyBlueprint(name: $0, node: .null(at: position), position: position)
      }
    case .mapping where node.count == 1:
      let (key, value) = node.pair(0)
      return key.text.map { PolicyBlueprint(name: $0, node: value, position: key.position) }
    default: return nil
    }
  }

  /// The value of `public`. Something cannot be public and ask who calls.
  func isPublic(_ settings: inout Settings, _ policies: [PolicyBlueprint]) -> Bool? {
    // A value that cannot be read was reported; that it says nothing need not be reported too.
    let isUnclear = settings.node.value("public") != nil
    guard let isPublic = settings.boolean("public") else { return isUnclear ? true : nil }
    if isPublic, let policy = policies.first(where: isAuthentication) {
      settings.error(
        "'public: true' beside the policy '\(policy.name)', which asks who calls",
        expected: "one of them", at: "public")
    }
    return isPublic
  }

  func isAuthentication(_ policy: PolicyBlueprint) -> Bool {
    authenticationPolicies.contains(policy.name)
  }
}
