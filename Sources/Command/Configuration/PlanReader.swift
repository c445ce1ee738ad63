import Blueprint
import Formats
import PolicyKit
import Runtime

/// Makes plans of what the configuration says of them, with the rules of their time zones.
struct PlanReader {
  /// Where the system keeps time zones.
  private static let folder = "/usr/share/zoneinfo/"

  let diagnostics: Diagnostics

  func read(_ blueprints: [PlanBlueprint]) -> [CallerPlan] {
    blueprints.map { blueprint in
      CallerPlan(
        name: blueprint.name, isDefault: blueprint.isDefault,
        limits: blueprint.limits.compactMap { limit in
          limit.seconds.map { CallerPlan.Limit(count: limit.count, seconds: $0) }
        },
        quotas: blueprint.quotas.map {
          CallerPlan.Quota(limit: $0.limit, period: $0.period, warnAt: $0.warnAt ?? .max)
        },
        zone: blueprint.timeZone.map(zone) ?? .utc,
        zoneName: blueprint.timeZone?.string ?? "UTC")
    }
  }

  private func zone(_ name: Text) -> TimeZoneRules {
    if name.string == "UTC" { return .utc }
    let path = PlanReader.folder + name.string
    do throws(FileError) {
      let bytes = try SystemFile.read(path, bytesMax: TimeZoneRules.bytesMax)
      if let rules = TimeZoneRules(file: bytes.span) { return rules }
      diagnostics.error("\(path) is no file of a time zone", at: name.position)
    } catch {
      diagnostics.error(
        "there is no time zone \(name.shown): \(path) \(error)",
        expected: error == .missing ? "a name such as Europe/Berlin, and the package tzdata" : nil,
        at: name.position)
    }
    return .utc
  }
}
