import Base
import Blueprint
import Telemetry

/// Somebody touches what nobody has a reason to touch: a path that is linked nowhere, a credential
/// that was left to be found, a name that nobody has.
struct HoneyDetector: Sendable {
  private let paths: [[UInt8]]
  private let consumers: Set<UInt64>
  private let names: Set<UInt64>

  init(_ honey: HoneyBlueprint, mix: KeyMix) {
    paths = honey.paths.map { Array($0.utf8) }
    consumers = Set(honey.consumers.map { mix.key($0) })
    // Events have names only by what this process makes of them.
    names = Set(honey.names.map { UInt64(UInt(bitPattern: $0.hashValue)) })
  }

  mutating func observe(
    _ fact: Observation, _ event: borrowing Event, _ findings: inout Findings
  ) {
    guard findings.settings[.honey].isOn else { return }
    let (isConsumer, isName) = (consumers.contains(fact.consumer), names.contains(fact.subject))
    let isTouched = isConsumer || isName || touches(event[.path])
    guard isTouched else { return }
    findings.raise(
      .honey, fact.address, .address, at: fact.now,
      [
        AlertFigure("credential", isConsumer ? 1 : 0), AlertFigure("name", isName ? 1 : 0),
        AlertFigure("path", isConsumer || isName ? 0 : 1),
      ])
  }

  private func touches(_ path: Span<UInt8>) -> Bool {
    for mark in paths where path.count >= mark.count {
      var isSame = path.count == mark.count || mark.last == UInt8(ascii: "/")
      var place = 0
      while isSame, place < mark.count {
        isSame = path[place] == mark[place]
        place += 1
      }
      if isSame { return true }
    }
    return false
  }
}
