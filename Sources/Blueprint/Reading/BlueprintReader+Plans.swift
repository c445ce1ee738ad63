import Formats

extension BlueprintReader {
  /// So many limits and quotas one plan has at most.
  private static let partsMax = 8

  /// The section `plans`.
  func plans(_ root: inout Settings) -> [PlanBlueprint] {
    var names: [String: Position] = [:]
    var standard: Position?
    return (root.settingsList("plans") ?? []).compactMap { part in
      guard let plan = plan(part) else { return nil }
      if let before = names.updateValue(plan.position, forKey: plan.name) {
        root.error(
          "the plan '\(plan.name)' is there twice, first in line \(before.line)", at: plan.position)
      }
      if plan.isDefault {
        if let before = standard {
          root.error(
            "a second plan is the default, beside that in line \(before.line)", at: plan.position)
        }
        standard = plan.position
      }
      return plan
    }
  }

  private func plan(_ part: Settings) -> PlanBlueprint? {
    var settings = part
    let name = settings.requiredText("name")
    let isDefault = settings.boolean("default") ?? false
    let limits = limits(&settings)
    let quotas = quotas(&settings)
    let zone = settings.text("time-zone")
    settings.finish()
    if let zone, !BlueprintReader.isZone(zone.string) {
      settings.refuse(zone, "time-zone", expected: "a name such as Europe/Berlin or UTC")
    }
    if limits.isEmpty, quotas.isEmpty {
      settings.error(
        "a plan without limits", expected: "'limits', 'quotas' or both", at: settings.position)
    }
    guard let name else { return nil }
    guard BlueprintReader.isName(name.string) else {
      settings.refuse(name, "name", expected: "1 to 64 letters, digits and any of ._-")
      return nil
    }
    return PlanBlueprint(
      name: name.string, isDefault: isDefault, limits: limits, quotas: quotas, timeZone: zone,
      position: settings.position)
  }

  private func limits(_ settings: inout Settings) -> [Frequency] {
    let found = (settings.texts("limits") ?? []).compactMap { text -> Frequency? in
      guard let read = Frequency(text.string), read.seconds != nil, read.count <= 1_000_000_000
      else {
        settings.refuse(text, "limits", expected: "such as 100/second; second to day")
        return nil
      }
      return read
    }
    if found.count > BlueprintReader.partsMax {
      settings.error("more than \(BlueprintReader.partsMax) limits", at: "limits")
    }
    return found.sorted { ($0.seconds ?? 0) < ($1.seconds ?? 0) }
  }

  private func quotas(_ settings: inout Settings) -> [PlanBlueprint.Quota] {
    var found: [PlanBlueprint.Quota] = []
    for node in settings.nodes("quotas") ?? [] {
      var text: Text?
      var share: Double?
      if node.kind == .mapping {
        var part = Settings(node, in: settings.diagnostics, interpolation: settings.interpolation)
        text = part.requiredText("limit")
        share = part.percent("warn", in: 0.01...1)
        part.finish()
      } else {
        text = settings.text(of: node, "quotas")
      }
      guard let text else { continue }
      guard let read = Frequency(text.string),
        let period = CalendarPeriod(rawValue: read.unit.rawValue)
      else {
        settings.refuse(text, "quotas", expected: "such as 10000/month; minute to month")
        continue
      }
      if found.contains(where: { $0.period == period }) {
        settings.error("a second quota by the \(period.rawValue)", at: text.position)
      }
      found.append(
        PlanBlueprint.Quota(
          limit: read.count, period: period,
          warnAt: share.map { UInt64((Double(read.count) * $0).rounded(.up)) }))
    }
    let order = CalendarPeriod.allCases
    return found.sorted {
      (order.firstIndex(of: $0.period) ?? 0) < (order.firstIndex(of: $1.period) ?? 0)
    }
  }

  /// The name of a time zone: it becomes a path, and must not lead anywhere else.
  private static func isZone(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count <= 3
      && parts.allSatisfy { isName(String($0), besides: "_-+") }
  }
}
