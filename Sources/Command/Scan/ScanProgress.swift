import Base
import Runtime
import Scanner
import Synchronization

/// Shows on standard error how far a scan has come.
final class ScanProgress: Sendable {
  private let surroundings: Surroundings
  private let isQuiet: Bool
  private let began = Clock.monotonic
  private let counts = Mutex<(findings: Int, operations: Int)>((0, 0))

  init(_ surroundings: Surroundings, isQuiet: Bool) {
    self.surroundings = surroundings
    self.isQuiet = isQuiet
  }

  func take(_ event: ScanEvent) {
    guard !isQuiet else { return }
    switch event {
    case .began(let operations):
      counts.withLock { $0.operations = operations }
      say("\(operations) operations; everybody is logged in")
    case .check(let name, let place, let count, let requests):
      let found = counts.withLock { $0.findings }
      say(
        "[\(place + 1)/\(count)] \(name): \(requests) requests, \(found) findings"
          + left(place, count)
      )
    case .found(let finding):
      if finding.kind.isNote { return }
      counts.withLock { $0.findings += 1 }
      say("found: \(finding.kind.rawValue) \(finding.place)")
    case .done: break
    case .ended(let requests): say("done after \(requests) requests")
    }
  }

  /// About how long the checks that are left will take, by those that are done.
  private func left(_ place: Int, _ count: Int) -> String {
    guard place > 2 else { return "" }
    let seconds = Int((Clock.monotonic.nanoseconds - began.nanoseconds) / 1_000_000_000)
    return ", about \(seconds * (count - place) / place) s left"
  }

  private func say(_ text: String) { surroundings.complain("gatehouse: \(text)\n") }
}
