import CLinux
import Synchronization

/// The access log: takes blocks of lines from the loops, and writes them on a thread of its own.
///
/// A disk that is slow or full costs lines, which are counted, and never a request. The log lives,
/// with its thread, until it is closed.
public final class AccessLog: Sendable {
  private struct Block: Sendable {
    var bytes: [UInt8]
    var count: Int
    var lines: UInt64
  }

  private struct State {
    var waiting: [Block] = []
    /// Blocks that the writer has taken and not yet written.
    var takenCount = 0
    var free: [[UInt8]] = []
    var isReopening = false
    /// Buffers that may still bring lines, and whether no more of them will come.
    var bufferCount = 0
    var isRetiring = false
    var isClosing = false
    var isClosed = false
  }

  /// Blocks that may wait: 4 MiB of lines.
  static let waitingMax = 64
  /// Blocks that are kept for use again, once written.
  private static let freeMax = 8
  /// Between two complaints about lost lines.
  private static let complaintSeconds = 60

  let format: AccessLogSettings.Format
  let masked: MaskedNames
  private let state = Mutex(State())
  private let dropped = Atomic<UInt64>(0)
  private let file: Mutex<LogFile>
  private let wakeup: Int32

  /// Opens the file and starts the thread; throws if the file cannot be had.
  public convenience init(_ settings: AccessLogSettings) throws(AccessLogError) {
    try self.init(settings, patienceMilliseconds: 1000)
  }

  init(_ settings: AccessLogSettings, patienceMilliseconds: Int32) throws(AccessLogError) {
    format = settings.format
    masked = MaskedNames(settings.mask)
    file = Mutex(
      try LogFile(settings, now: time(nil), patienceMilliseconds: patienceMilliseconds))
    wakeup = eventfd(0, Int32(EFD_CLOEXEC))
    guard wakeup >= 0, LogThread({ [self] in work() }).start() else {
      throw AccessLogError(path: settings.path ?? "-", reason: "no thread could be started")
    }
  }

  deinit { if wakeup >= 0 { CLinux.close(wakeup) } }

  /// Lines that were lost because the disk was slow or full.
  public var droppedLines: UInt64 { dropped.load(ordering: .relaxed) }

  /// Opens the file anew at the writer's next turn.
  public func reopen() {
    state.withLock { $0.isReopening = true }
    wake()
  }

  /// Writes what waits and ends the thread; waits two seconds at most, and counts what is not
  /// written by then as lost. What comes later is lost as well.
  public func close() {
    state.withLock { $0.isClosing = true }
    wake()
    for _ in 0..<2000 {
      if state.withLock({ $0.isClosed }) { return }
      usleep(1000)
    }
    let lost = state.withLock { state in
      defer { state.waiting.removeAll() }
      return state.waiting.reduce(0) { $0 + $1.lines }
    }
    dropped.add(lost, ordering: .relaxed)
  }

  /// Ends the log once the last buffer is gone; does not wait.
  public func retire() {
    state.withLock { state in
      state.isRetiring = true
      if state.bufferCount == 0 { state.isClosing = true }
    }
    wake()
  }

  /// Whether its last line is written.
  public var isClosed: Bool { state.withLock { $0.isClosed } }

  /// A loop begins to write to it.
  func attached() { state.withLock { $0.bufferCount += 1 } }

  /// A loop has handed over its last lines.
  func detached() {
    state.withLock { state in
      state.bufferCount -= 1
      if state.isRetiring, state.bufferCount == 0 { state.isClosing = true }
    }
    wake()
  }

  /// Takes a full block and puts an empty one in its place: the same, if there is no room for it.
  func exchange(_ bytes: inout [UInt8], count: Int, lines: UInt64) {
    let isTaken = state.withLock { state in
      if state.isClosing || state.waiting.count + state.takenCount >= AccessLog.waitingMax {
        return false
      }
      // The only reference moves on: who writes into a block that is shared pays for a copy.
      state.waiting.append(Block(bytes: bytes, count: count, lines: lines))
      bytes = state.free.popLast() ?? []
      return true
    }
    if !isTaken {
      dropped.add(lines, ordering: .relaxed)
      return
    }
    wake()
    if bytes.isEmpty { bytes = [UInt8](repeating: 0, count: AccessLogBuffer.blockBytes) }
  }
}

// MARK: The writer's thread

extension AccessLog {
  private func wake() { _ = eventfd_write(wakeup, 1) }

  private func work() {
    var complained = -AccessLog.complaintSeconds
    var blocks: [Block] = []
    while true {
      var count: eventfd_t = 0
      // Safety: the counter lives for the call.
      unsafe _ = eventfd_read(wakeup, &count)
      // Two lists change places, so that neither is ever allocated anew.
      let (reopens, closes) = state.withLock { state in
        swap(&blocks, &state.waiting)
        state.takenCount = blocks.count
        defer { state.isReopening = false }
        return (state.isReopening, state.isClosing)
      }
      for index in blocks.indices {
        let lost = write(&blocks[index])
        let now = time(nil)
        if lost > 0, now - complained >= AccessLog.complaintSeconds {
          complained = now
          let (path, reason) = file.withLock {
            ($0.settings.path ?? "on standard output", $0.failure)
          }
          ErrorLog.error(
            "the access log \(path) cannot be written: \(reason); \(droppedLines) lines lost so far"
          )
        }
      }
      blocks.removeAll(keepingCapacity: true)
      if reopens { file.withLock { $0.reopen(now: time(nil)) } }
      if closes { return state.withLock { $0.isClosed = true } }
    }
  }

  /// Writes a block and gives its storage back; tells how many lines were lost.
  private func write(_ block: inout Block) -> UInt64 {
    var bytes: [UInt8] = []
    swap(&bytes, &block.bytes)
    let lost = file.withLock { $0.write(bytes, count: block.count, now: time(nil)) }
    if lost > 0 { dropped.add(lost, ordering: .relaxed) }
    state.withLock { state in
      state.takenCount -= 1
      if state.free.count < AccessLog.freeMax { state.free.append(bytes) }
      bytes = []
    }
    return lost
  }
}
