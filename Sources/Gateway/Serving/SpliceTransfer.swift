import Runtime

/// Content of known length on its way from one socket to another within the kernel.
///
/// Only where both sides speak in clear text and no policy reads the content; what is smaller than
/// `bytesMin` is not worth the pipe.
final class SpliceTransfer {
  enum Step {
    case done
    /// The source has no more for now, or the sink takes no more.
    case sourceEmpty, sinkFull
    /// The source has ended before its content did, or the sink is broken.
    case sourceEnded, sinkFailed
    /// Others on the loop get their turn.
    case yield
  }

  /// Content that is left, in bytes, from which on it goes this way.
  static let bytesMin = 256 * 1024
  /// A fill of so many bytes shows that the source has more at once.
  private static let plentyBytes = 64 * 1024
  /// Bytes that are moved in one turn at most.
  private static let turnBytesMax = 4 * 1024 * 1024

  let total: Int
  private let pipe: SplicePipe
  private var rest: Int
  private var expectsMore = false

  init(_ pipe: SplicePipe, count: Int) {
    self.pipe = pipe
    total = count
    rest = count
  }

  /// The pipe, if it may be used again.
  var emptyPipe: SplicePipe? { pipe.count == 0 ? pipe : nil }

  /// Moves what can be moved, and adds to `moved` how much went out.
  func move(from source: StreamChannel, to sink: StreamChannel, _ moved: inout UInt64) -> Step {
    if !sink.flush() { return sink.isBroken ? .sinkFailed : .sinkFull }
    var budget = SpliceTransfer.turnBytesMax
    while true {
      if pipe.count == 0 {
        if rest == 0 { return .done }
        if budget <= 0 { return .yield }
        if let step = fill(source) { return step }
      }
      guard sink.isWritable else { return .sinkFull }
      switch pipe.drain(to: sink.descriptor, more: expectsMore) {
      case .bytes(let count):
        moved += UInt64(count)
        budget -= count
        if pipe.count > 0 { sink.isWritable = false }
      case .wouldBlock, .end: sink.isWritable = false
      case .failed:
        sink.isBroken = true
        return .sinkFailed
      }
    }
  }

  private func fill(_ source: StreamChannel) -> Step? {
    guard source.isReadable else { return source.isEnded ? .sourceEnded : .sourceEmpty }
    switch pipe.fill(from: source.descriptor, atMost: rest) {
    case .bytes(let count):
      rest -= count
      expectsMore = rest > 0 && count >= SpliceTransfer.plentyBytes
      return nil
    case .wouldBlock:
      source.isReadable = false
      return .sourceEmpty
    case .end:
      source.isReadable = false
      source.isEnded = true
    case .failed:
      source.isReadable = false
      source.isBroken = true
    }
    return .sourceEnded
  }
}
