/// Blocks of memory that a loop's connections read into and write from, taken only while needed.
///
/// The last one given back is the first one taken, since it is still in the processor's cache.
final class BlockPool {
  /// Bytes of a block.
  static let blockBytes = 64 * 1024
  private static let keptMax = 256

  /// The two blocks that come and go with each exchange: taking one is an exchange of pointers.
  private var first: [UInt8] = []
  private var second: [UInt8] = []
  private var others: [[UInt8]] = []

  init() { others.reserveCapacity(BlockPool.keptMax) }

  func take() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &first)
    if !taken.isEmpty { return taken }
    swap(&taken, &second)
    if !taken.isEmpty { return taken }
    return others.popLast() ?? [UInt8](repeating: 0, count: BlockPool.blockBytes)
  }

  func give(_ given: consuming [UInt8]) {
    var block = given
    if block.count != BlockPool.blockBytes { return }
    if first.isEmpty {
      swap(&first, &block)
    } else if second.isEmpty {
      swap(&second, &block)
    } else if others.count < BlockPool.keptMax {
      others.append(block)
    }
  }
}
