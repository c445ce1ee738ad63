/// Which rules look at requests at all, by the Core Rule Set's paranoia levels.
enum ParanoiaLevel {
  static let max = 4

  /// The level that a tag such as `paranoia-level/2` says.
  static func of(tag: String) -> Int? {
    tag.hasPrefix("paranoia-level/") ? Int(tag.dropFirst(15)) : nil
  }

  /// Whether no directive sets a level but where none was set before, as the rule set's own
  /// initialisation does: then the level of the settings holds for every request.
  static func isFixed(in directives: [Directive]) -> Bool {
    var isStarter = true
    var isGuarded = false
    for directive in directives
    where directive.name == "SecRule" || directive.name == "SecAction" {
      guard let actions = directive.arguments.last else { continue }
      if isStarter {
        isGuarded = directive.name == "SecRule" && directive.arguments[0].first == 0x26
      }
      let list = ActionList(actions).actions
      let sets = list.contains { name, value in
        name == "setvar"
          && String(decoding: value, as: UTF8.self).lowercased()
            .contains("paranoia_level")
      }
      // The gateway's own setting comes first, by a rule of its own number.
      if sets, !isGuarded, !directive.file.hasPrefix("gatehouse-") { return false }
      isStarter = !list.contains { $0.name == "chain" }
    }
    return true
  }
}
