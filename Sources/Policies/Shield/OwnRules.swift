import SecLang

/// The rules that the gateway brings along, written in the language of all rules.
///
/// Each adds to the sum of the rule set that is installed, and to one of its own, so that they
/// decide with it and without it.
struct OwnRules {
  let paranoia: Int
  let threshold: Int

  /// What rules find already set, in the names of the Core Rule Set 3 and 4: HTTP APIs may use all
  /// methods and types that they have.
  var setup: RuleFile {
    let methods = "GET HEAD POST OPTIONS PUT PATCH DELETE"
    let values: [(String, String)] = [
      ("crs_setup_version", "400"),
      ("paranoia_level", "\(paranoia)"), ("executing_paranoia_level", "\(paranoia)"),
      ("blocking_paranoia_level", "\(paranoia)"), ("detection_paranoia_level", "\(paranoia)"),
      ("inbound_anomaly_score_threshold", "\(threshold)"),
      ("critical_anomaly_score", "5"), ("error_anomaly_score", "4"),
      ("warning_anomaly_score", "3"), ("notice_anomaly_score", "2"),
      ("allowed_methods", methods), ("shield_score", "0"),
    ]
    let actions = values.map { "setvar:'tx.\($0)=\($1)'" }.joined(separator: ",")
    return file("setup", "SecAction \"id:19000000,phase:1,pass,nolog,\(actions)\"")
  }

  /// The detectors.
  var detectors: [RuleFile] {
    OwnRules.groups.map { group in
      file(group.name, group.rules.map(\.text).joined(separator: "\n"))
    }
  }

  /// Refuses what they found, if nothing else did, and takes rules out that the gateway's replace.
  func sum(behind files: [RuleFile]) -> RuleFile {
    let isThird = files.contains { $0.name.hasSuffix("934-APPLICATION-ATTACK-NODEJS.conf") }
    let removed = OwnRules.removed + (isThird ? OwnRules.removedOfThird : [])
    return file(
      "sum",
      """
      SecRule TX:shield_score "@ge \(threshold)" "id:19999999,phase:2,deny,nolog"
      \(removed.map { "SecRuleRemoveById \($0)" }.joined(separator: "\n"))
      """)
  }

  private func file(_ name: String, _ text: String) -> RuleFile {
    RuleFile(name: "gatehouse-\(name)", text: Array(text.utf8))
  }

  /// Rules of the installed set that judge what is no injection: which methods and types an API
  /// takes is said elsewhere, and content of any type is looked at here.
  static let removed = [911_100, 920_170, 920_420]

  /// Rules of the Core Rule Set 3 that take a text for an attack since a command's or statement's
  /// name is a word in it; the gateway's own look at what stands around it.
  static let removedOfThird = [932_100, 932_105, 932_110, 932_115, 932_150, 942_190]
}
