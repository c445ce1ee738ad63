/// What rules do when they match.
extension RuleCompiler {
  /// `tx.name=value`, `tx.name=+1`, `!tx.name`; other collections outlive a request and are not
  /// kept.
  mutating func setVariable(
    _ value: [UInt8], of rule: inout RuleDraft, _ directive: Directive
  ) throws(RuleFault) {
    var rest = value[...]
    let isUnset = rest.first == UInt8(ascii: "!")
    if isUnset { rest.removeFirst() }
    guard String(decoding: rest.prefix(3), as: UTF8.self).lowercased() == "tx." else { return }
    rest = rest.dropFirst(3)
    let name = Array(rest.prefix { $0 != UInt8(ascii: "=") })
    guard !name.isEmpty else { throw directive.fault("setvar without a name") }
    let written = macro(name)
    let place: RuleAction.Place =
      written.constant == nil ? .named(written) : .slot(slot(name))
    if isUnset {
      rule.actions.append(.set(place, .unset))
      return
    }
    guard name.count < rest.count else {
      rule.actions.append(.set(place, .to(Macro(parts: [.text(Array("1".utf8))]))))
      return
    }
    let given = Array(rest.dropFirst(name.count + 1))
    switch given.first {
    case UInt8(ascii: "+"):
      rule.actions.append(.set(place, .plus(macro(Array(given.dropFirst())))))
    case UInt8(ascii: "-"):
      rule.actions.append(.set(place, .minus(macro(Array(given.dropFirst())))))
    default: rule.actions.append(.set(place, .to(macro(given))))
    }
  }

  /// `ruleRemoveById=1-5` and the like; what is about logs or about reading content says nothing.
  mutating func control(
    _ text: String, of rule: inout RuleDraft, _ directive: Directive
  ) throws(RuleFault) {
    let pieces = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard let name = pieces.first else { throw directive.fault("ctl without a word") }
    let value = pieces.count == 2 ? pieces[1] : ""
    switch name {
    case "ruleEngine":
      switch value.lowercased() {
      case "off", "detectiononly": rule.actions.append(.engine(isOff: true))
      default: rule.actions.append(.engine(isOff: false))
      }
    case "ruleRemoveById", "ruleRemoveByTag", "ruleRemoveByMsg":
      for part in value.split(separator: " ") {
        pending.append(
          PendingControl(
            rule: rules.count, by: RuleCompiler.criterion(name), rules: String(part), target: nil))
      }
    case "ruleRemoveTargetById", "ruleRemoveTargetByTag", "ruleRemoveTargetByMsg":
      let parts = value.split(separator: ";", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw directive.fault("rules;target is expected") }
      for part in VariableList(Array(parts[1].utf8)).parts {
        guard let target = try selector(part, directive) else { continue }
        pending.append(
          PendingControl(
            rule: rules.count, by: RuleCompiler.criterion(name), rules: parts[0], target: target))
      }
    case "auditEngine", "auditLogParts", "debugLogLevel", "forceRequestBodyVariable",
      "requestBodyAccess", "requestBodyLimit", "requestBodyProcessor", "responseBodyAccess",
      "responseBodyLimit", "hashEngine", "hashEnforcement":
      break
    default: throw directive.fault("unknown ctl \(name)")
    }
  }

  private static func criterion(_ name: String) -> String {
    if name.hasSuffix("Tag") { return "tag" }
    return name.hasSuffix("Msg") ? "msg" : "id"
  }
}
