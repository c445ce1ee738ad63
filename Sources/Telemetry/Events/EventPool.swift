import Synchronization

/// The storage of blocks that are read to the end, for the next ones.
final class EventPool: Sendable {
  private static let freeMax = 16

  private let free = Mutex<[[UInt8]]>([])

  init() {}

  /// Storage for a block.
  func take() -> [UInt8] {
    free.withLock { $0.popLast() } ?? [UInt8](repeating: 0, count: EventBuffer.blockBytes)
  }

  /// Takes storage back; whoever gets it next has it alone.
  func give(_ storage: [UInt8]) {
    if storage.count != EventBuffer.blockBytes { return }
    free.withLock { if $0.count < EventPool.freeMax { $0.append(storage) } }
  }
}
