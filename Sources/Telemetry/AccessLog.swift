import CLinux
import Synchronization

/// The access log: takes blocks of lines from the loops, and writes them on a thread of its own.
///
/// A disk that is slow or full costs lines, which are counted, and never a request.
public final class AccessLog: Sendable {
  struct Block: Sendable {
    var bytes: [UInt8]
    var count: Int
    var lines: UInt64
  }

  private struct State {
    var waiting: [Block] = []
    var free: [[UInt8]] = []
    var isReopening = false
    var isClosing = false
    var isClosed = false
  }

  /// Blocks that may wait: 4 MiB of lines.
  private static let waitingMax = 64

  let format: AccessLogSettings.Format
  private let state = Mutex(State())
  private let dropped = Atomic<UInt64>(0)
  private let wakeup: Int32

  /// Opens the file and starts the thread.
  public init(_ settings: AccessLogSettings) throws(AccessLogError) {
    format = settings.format
    wakeup = eventfd(0, Int32(EFD_CLOEXEC))
    // The file is opened here so that a path that cannot be had is known before anything runs.
    _ = try LogFile(settings)
    let thread = LogThread { [self] in work(settings) }
    if !thread.start() {
      throw AccessLogError(path: settings.path ?? "-", reason: "no thread could be started")
    }
  }

  /// Lines that were lost because the disk was slow or full.
  public var droppedLines: UInt64 { dropped.load(ordering: .relaxed) }

  /// Opens the file anew at the writer's next turn.
  public func reopen() {
    state.withLock { $0.isReopening = true }
    wake()
  }

  /// Writes what waits and ends the thread; waits two seconds at most.
  public func close() {
    state.withLock { $0.isClosing = true }
    wake()
    for _ in 0..<2000 {
      if state.withLock({ $0.isClosed }) { return }
      usleep(1000)
    }
  }

  /// Takes a full block and gives back an empty one.
  func exchange(_ bytes: consuming [UInt8], count: Int, lines: UInt64) -> [UInt8] {
    let block = Block(bytes: bytes, count: count, lines: lines)
    let (fresh, isTaken) = state.withLock { state -> ([UInt8]?, Bool) in
      if state.waiting.count >= AccessLog.waitingMax { return (nil, false) }
      state.waiting.append(block)
      return (state.free.popLast(), true)
    }
    if !isTaken {
      dropped.add(lines, ordering: .relaxed)
      return block.bytes
    }
    wake()
    return fresh ?? [UInt8](repeating: 0, count: AccessLogBuffer.blockBytes)
  }

  private func wake() { _ = eventfd_write(wakeup, 1) }

  private func work(_ settings: AccessLogSettings) {
    guard var file = try? LogFile(settings) else { return }
    var complained = 0
    var blocks: [Block] = []
    while true {
      var count: eventfd_t = 0
      // Safety: the counter lives for the call.
      unsafe _ = eventfd_read(wakeup, &count)
      // Two lists change places, so that neither is ever allocated anew.
      blocks.removeAll(keepingCapacity: true)
      let (reopens, closes) = state.withLock { state in
        swap(&blocks, &state.waiting)
        let asked = (state.isReopening, state.isClosing)
        state.isReopening = false
        return asked
      }
      for block in blocks {
        if !file.write(block.bytes, count: block.count) {
          dropped.add(block.lines, ordering: .relaxed)
          if time(nil) - complained >= 60 {
            complained = time(nil)
            ErrorLog.error("the access log cannot be written; lines are lost")
          }
        }
        state.withLock { if $0.free.count < 8 { $0.free.append(block.bytes) } }
      }
      if reopens { file.reopen() }
      if closes { return state.withLock { $0.isClosed = true } }
    }
  }
}
