import Synchronization

/// The request lines that came to a listener; the oldest are kept.
final class CallbackPaths: Sendable {
  private static let countMax = 10_000
  private let lines = Mutex<[String]>([])

  func add(_ line: String) {
    lines.withLock { if $0.count < CallbackPaths.countMax { $0.append(line) } }
  }

  func hold(_ token: String) -> Bool { lines.withLock { $0.contains { $0.contains(token) } } }
}
