import Runtime
import Synchronization

/// A few threads that may wait, for what would hold an event loop up: a slow hash, a directory.
///
/// They end with the process. The line before them is bounded, so that a flood of passwords costs
/// no more than the threads' own time.
final class NeedThreads: Sendable {
  private static let countMin = 2
  private static let countMax = 8
  /// At some ten milliseconds each, more would wait longer than anybody does.
  private static let lineMax = 512

  private let line = Mutex<[@Sendable () -> Void]>([])
  /// Wakes the threads; what is to be done stands in the line.
  private let bell: Mailbox<Void>

  init() throws(SystemError) {
    bell = try Mailbox()
    let count = min(
      max(ProcessLimits.cores, NeedThreads.countMin), NeedThreads.countMax)
    for number in 0..<count {
      try Thread.start(named: "needs-\(number)") { [self] in serve() }
    }
  }

  /// Whether the work was taken; it is not if too much waits.
  func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    let isTaken = line.withLock { line in
      guard line.count < NeedThreads.lineMax else { return false }
      line.append(work)
      return true
    }
    if isTaken { bell.post(()) }
    return isTaken
  }

  private func serve() {
    while true {
      bell.wait()
      _ = bell.take()
      while let work = next() { work() }
    }
  }

  /// The first in the line. Whoever takes it wakes another for the rest: it may take long itself.
  private func next() -> (@Sendable () -> Void)? {
    let (work, isMore) = line.withLock { line in
      (line.isEmpty ? nil : line.removeFirst(), !line.isEmpty)
    }
    if isMore { bell.post(()) }
    return work
  }
}
