/// Makes rules of directives.
struct RuleCompiler {
  /// Most rules: the Core Rule Set has some 700.
  static let rulesMax = 20_000

  var rules: [RuleDraft] = []
  var patterns: [PatternSource] = []
  var capturing: Set<Int> = []
  var chains = ChainTable()
  /// The names of values; the first ten are the groups of the last match that was captured.
  var slotNames: [[UInt8]] = (0..<10).map { Array(String($0).utf8) }

  private var slotPlaces: [[UInt8]: Int] = [:]
  private var patternPlaces: [PatternSource: Int] = [:]
  private var patternOrigins: [Directive] = []
  private let data: (String) -> [UInt8]?
  private var dataKnown: [String: [[UInt8]]] = [:]
  private var markers: [(name: String, place: Int)] = []
  private var skips: [(rule: Int, marker: String)] = []
  private var skipCounts: [(rule: Int, count: Int)] = []
  var pending: [PendingControl] = []
  private var defaults: [Int: ActionList] = [:]
  private var inChain = false
  /// The level of the settings, and whether the chain that is read is for a higher one.
  private let paranoia: Int
  private var leavesOut = false

  /// A change to other rules, which may come later in the file.
  struct PendingControl {
    var rule: Int
    /// `id`, `tag` or `msg`.
    var by: String
    var rules: String
    var target: Selector?
  }

  init(paranoia: Int, data: @escaping (String) -> [UInt8]?) {
    self.paranoia = paranoia
    self.data = data
    for (place, name) in slotNames.enumerated() { slotPlaces[name] = place }
  }

  /// Directives that say nothing about rules, or what the gateway's own settings say.
  private static let ignored: Set<String> = [
    "SecComponentSignature", "SecCollectionTimeout", "SecRuleEngine", "SecRequestBodyAccess",
    "SecRequestBodyLimit", "SecRequestBodyNoFilesLimit", "SecRequestBodyInMemoryLimit",
    "SecRequestBodyLimitAction", "SecRequestBodyJsonDepthLimit", "SecResponseBodyAccess",
    "SecResponseBodyMimeType", "SecResponseBodyLimit", "SecResponseBodyLimitAction",
    "SecPcreMatchLimit", "SecPcreMatchLimitRecursion", "SecArgumentSeparator", "SecCookieFormat",
    "SecArgumentsLimit", "SecTmpDir", "SecDataDir", "SecAuditEngine", "SecAuditLogRelevantStatus",
    "SecAuditLogParts", "SecAuditLogType", "SecAuditLog", "SecUnicodeMapFile", "SecStatusEngine",
    "SecDebugLog", "SecDebugLogLevel", "SecTmpSaveUploadedFiles", "SecUploadDir",
    "SecUploadKeepFiles", "SecGeoLookupDb", "SecHttpBlKey", "SecWebAppId", "SecServerSignature",
    "SecSensorId", "SecXmlExternalEntity", "SecHashEngine",
  ]

  mutating func add(_ directive: Directive) throws(RuleFault) {
    let arguments = directive.arguments
    switch directive.name {
    case "SecRule":
      guard arguments.count == 2 || arguments.count == 3 else {
        throw directive.fault("a SecRule has variables, an operator and actions")
      }
      try addRule(directive, arguments[0], arguments[1], arguments.count == 3 ? arguments[2] : [])
    case "SecAction":
      guard arguments.count == 1 else { throw directive.fault("a SecAction has actions") }
      try addRule(directive, [], Array("@unconditionalMatch".utf8), arguments[0])
    case "SecMarker":
      guard arguments.count == 1 else { throw directive.fault("a SecMarker has a name") }
      markers.append((directive.text(0), rules.count))
    case "SecDefaultAction":
      guard arguments.count == 1 else { throw directive.fault("a SecDefaultAction has actions") }
      let list = ActionList(arguments[0])
      let phase = list.actions.first { $0.name == "phase" }
      defaults[RuleCompiler.phase(phase?.value ?? []) ?? 2] = list
    case "SecRuleRemoveById", "SecRuleRemoveByTag", "SecRuleRemoveByMsg":
      for index in arguments.indices { remove(directive.text(index)) }
    case "SecRuleUpdateTargetById", "SecRuleUpdateTargetByTag", "SecRuleUpdateTargetByMsg":
      guard arguments.count >= 2 else { throw directive.fault("rules and a target are expected") }
      try update(directive)
    case let name where RuleCompiler.ignored.contains(name): break
    default: throw directive.fault("unknown directive \(directive.name)")
    }
  }

  mutating func finish() throws(RuleFault) {
    for (rule, marker) in skips {
      rules[rule].next =
        markers.first { $0.name == marker && $0.place > rule }?.place ?? rules.count
    }
    for (rule, count) in skipCounts { rules[rule].next = place(after: rule, count) }
    for control in pending {
      let meant = rules.indices.filter {
        RuleCompiler.isMeant(rules[$0], control.rules, by: control.by)
      }
      rules[control.rule].actions.append(
        control.target.map { .removeTargets(meant, $0) } ?? .removeRules(meant))
    }
  }

  private func place(after rule: Int, _ count: Int) -> Int {
    var place = rule + 1
    var left = count
    while place < rules.count {
      if !rules[place].isLink {
        if left == 0 { break }
        left -= 1
      }
      place += 1
    }
    return place
  }

  func origin(ofPattern place: Int) -> RuleFault {
    patternOrigins[place].fault("no regular expression that can be taken")
  }

  // MARK: Rules

  private mutating func addRule(
    _ directive: Directive, _ variables: [UInt8], _ operation: [UInt8], _ actions: [UInt8]
  ) throws(RuleFault) {
    guard rules.count < RuleCompiler.rulesMax else { throw directive.fault("too many rules") }
    var rule = RuleDraft()
    rule.isLink = inChain
    if let before = rules.last, inChain { rule.phase = before.phase }
    let list = ActionList(actions)
    try apply(list, to: &rule, directive)
    for part in VariableList(variables).parts { try add(part, to: &rule, directive) }
    if variables.isEmpty { rule.variables = [.constant([])] }
    if !inChain { leavesOut = isNeverRun(rule) }
    if leavesOut {
      // It keeps its place, so that others can name it, and needs nothing made for it.
      rule.phase = 0
    } else {
      try setOperation(operation, of: &rule, directive)
    }
    if inChain, let starter = rules.lastIndex(where: { !$0.isLink }) {
      rule.id = rules[starter].id
    } else if rule.id == 0 {
      throw directive.fault("a rule without an identifier")
    }
    inChain = rule.isChained
    rules.append(rule)
  }

  /// Whether a rule that begins a chain looks at no request: at responses, or at a higher level.
  private func isNeverRun(_ rule: RuleDraft) -> Bool {
    !RuleSet.phases.contains(rule.phase)
      || rule.tags.contains { ParanoiaLevel.of(tag: $0).map { $0 > paranoia } ?? false }
  }

  private mutating func apply(
    _ list: ActionList, to rule: inout RuleDraft, _ directive: Directive
  ) throws(RuleFault) {
    if let phase = list.actions.first(where: { $0.name == "phase" }) {
      guard let number = RuleCompiler.phase(phase.value) else {
        throw directive.fault("no phase")
      }
      rule.phase = number
    }
    var steps: [Transformation] = []
    for (name, value) in defaults[rule.phase]?.actions ?? [] where name == "t" {
      try RuleCompiler.add(value, to: &steps, directive)
    }
    var isMulti = false
    for (name, value) in list.actions {
      switch name {
      case "t": try RuleCompiler.add(value, to: &steps, directive)
      case "multiMatch": isMulti = true
      default: try apply(name, value, to: &rule, directive)
      }
    }
    let path = chains.add(steps)
    rule.chains = isMulti ? path : [path[path.count - 1]]
  }

  private static func add(
    _ name: [UInt8], to steps: inout [Transformation], _ directive: Directive
  ) throws(RuleFault) {
    let text = String(decoding: name, as: UTF8.self)
    if text.lowercased() == "none" {
      steps = []
      return
    }
    let known = Transformation.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
    guard let known else { throw directive.fault("unknown transformation \(text)") }
    steps.append(known)
  }

  private mutating func apply(
    _ name: String, _ value: [UInt8], to rule: inout RuleDraft, _ directive: Directive
  ) throws(RuleFault) {
    let text = String(decoding: value, as: UTF8.self)
    switch name {
    case "id":
      guard let id = Int(text), id > 0 else { throw directive.fault("no identifier: \(text)") }
      rule.id = id
    case "chain": rule.isChained = true
    case "capture": rule.captures = true
    case "msg": rule.message = macro(value)
    case "tag": rule.tags.append(text)
    case "severity": rule.severity = RuleCompiler.severity(text)
    case "nolog": rule.isLogged = false
    case "log": rule.isLogged = true
    case "deny", "drop", "redirect", "proxy": rule.outcome = .deny
    case "block": rule.outcome = blockOutcome(rule.phase)
    case "allow": rule.outcome = .allow
    case "pass": rule.outcome = .pass
    case "skipAfter": skips.append((rules.count, text))
    case "skip": skipCounts.append((rules.count, Int(text) ?? 0))
    case "setvar": try setVariable(value, of: &rule, directive)
    case "ctl": try control(text, of: &rule, directive)
    case "phase", "logdata", "ver", "rev", "maturity", "accuracy", "status", "auditlog",
      "noauditlog", "initcol", "expirevar", "setuid", "setsid", "setrsc", "setenv",
      "deprecatevar", "sanitiseArg", "sanitiseMatched", "sanitiseMatchedBytes",
      "sanitiseRequestHeader", "append", "prepend", "pause", "xmlns", "exec":
      break
    default: throw directive.fault("unknown action \(name)")
    }
  }

  private func blockOutcome(_ phase: Int) -> Rule.Outcome {
    let names = defaults[phase]?.actions.map(\.name) ?? []
    return names.contains("deny") || names.contains("drop") ? .deny : .pass
  }

  private static func phase(_ value: [UInt8]) -> Int? {
    switch String(decoding: value, as: UTF8.self) {
    case "1": 1
    case "2", "request": 2
    case "3": 3
    case "4", "response": 4
    case "5", "logging": 5
    default: nil
    }
  }

  private static func severity(_ text: String) -> UInt8 {
    let names = [
      "EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG",
    ]
    return UInt8(text) ?? names.firstIndex(of: text.uppercased()).map { UInt8($0) } ?? 5
  }

  // MARK: Names

  mutating func slot(_ name: [UInt8]) -> Int {
    let lower = name.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    if let known = slotPlaces[lower] { return known }
    slotNames.append(lower)
    slotPlaces[lower] = slotNames.count - 1
    return slotNames.count - 1
  }

  mutating func pattern(_ source: PatternSource, captures: Bool, _ directive: Directive) -> Int {
    let place: Int
    if let known = patternPlaces[source] {
      place = known
    } else {
      place = patterns.count
      patterns.append(source)
      patternOrigins.append(directive)
      patternPlaces[source] = place
    }
    if captures { capturing.insert(place) }
    return place
  }

  /// The phrases of a file, one a line.
  mutating func phrases(_ name: String, _ directive: Directive) throws(RuleFault) -> [[UInt8]] {
    if let known = dataKnown[name] { return known }
    guard let bytes = data(name) else { throw directive.fault("no file \(name)") }
    let lines = bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
      .map { Array(ActionList.trimmed($0)) }
      .filter { !$0.isEmpty && $0.first != UInt8(ascii: "#") }
    guard !lines.isEmpty else { throw directive.fault("\(name) holds no phrase") }
    dataKnown[name] = lines
    return lines
  }

  // MARK: Other rules

  /// Whether `text` names the rule: an identifier, `from-to`, a tag, or the begin of its message.
  static func isMeant(_ rule: RuleDraft, _ text: String, by: String = "") -> Bool {
    isMeant(rule.id, rule.tags, rule.message, text, by: by)
  }

  /// Whether `text` names the rule of these.
  static func isMeant(
    _ id: Int, _ tags: [String], _ message: Macro?, _ text: String, by: String = ""
  ) -> Bool {
    if by != "tag" && by != "msg" {
      let bounds = text.split(separator: "-").map { Int($0) }
      if bounds.count == 1, let wanted = bounds[0] { return id == wanted }
      if bounds.count == 2, let low = bounds[0], let high = bounds[1] {
        return id >= low && id <= high
      }
    }
    if by != "msg", tags.contains(text) { return true }
    guard by == "msg", let message = message?.constant else { return false }
    return String(decoding: message, as: UTF8.self).contains(text)
  }

  private mutating func remove(_ text: String) {
    for part in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
      for place in rules.indices where RuleCompiler.isMeant(rules[place], String(part)) {
        rules[place].phase = 0
      }
    }
  }

  private mutating func update(_ directive: Directive) throws(RuleFault) {
    let parts = VariableList(directive.arguments[1]).parts
    for place in rules.indices
    where RuleCompiler.isMeant(rules[place], directive.text(0)) && !rules[place].isLink {
      var rule = rules[place]
      for part in parts { try add(part, to: &rule, directive) }
      rules[place] = rule
    }
  }
}
