/// Blocks of memory that a loop's connections read into and write from, taken only while needed.
///
/// The last one given back is the first one taken, since it is still in the processor's cache.
final class BlockPool {
  /// Bytes of a block.
  static let blockBytes = 64 * 1024
  private static let keptMax = 256

  private var free: [[UInt8]] = []

  init() { free.reserveCapacity(BlockPool.keptMax) }

  func take() -> [UInt8] {
    free.popLast() ?? [UInt8](repeating: 0, count: BlockPool.blockBytes)
  }

  func give(_ block: consuming [UInt8]) {
    if block.count == BlockPool.blockBytes, free.count < BlockPool.keptMax { free.append(block) }
  }
}
