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
  private var others: [[UInt8]]

  // What others keep is moved out while it changes, so that no access has to be checked.
  init() {
    var kept: [[UInt8]] = []
    kept.reserveCapacity(BlockPool.keptMax)
    others = kept
  }

  @inline(__always)
  func take() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &first)
    return taken.isEmpty ? takeAnother() : taken
  }

  private func takeAnother() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &second)
    if !taken.isEmpty { return taken }
    var kept: [[UInt8]] = []
    swap(&kept, &others)
    let found = kept.popLast()
    swap(&kept, &others)
    return found ?? [UInt8](repeating: 0, count: BlockPool.blockBytes)
  }

  @inline(__always)
  func give(_ given: consuming [UInt8]) {
    var block = given
    if block.count != BlockPool.blockBytes { return }
    if first.isEmpty { swap(&first, &block) } else { giveAnother(block) }
  }

  private func giveAnother(_ given: consuming [UInt8]) {
    var block = given
    if second.isEmpty { return swap(&second, &block) }
    var kept: [[UInt8]] = []
    swap(&kept, &others)
    if kept.count < BlockPool.keptMax { kept.append(block) }
    swap(&kept, &others)
  }
}
