import Synchronization
import Telemetry

/// Keeps the blocks that it gets.
final class FindingListener: EventSubscriber {
  let name = "findings"
  let blocks = Mutex<[EventBlock]>([])

  func receive(_ block: EventBlock) { blocks.withLock { $0.append(block) } }
}
