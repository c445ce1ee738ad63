import Base
public import Blueprint
import Runtime
import Synchronization

/// The listening sockets of all loops, as copies for another process.
public final class OfferedListeners: Sendable {
  /// One socket.
  public struct Offered: Sendable {
    /// Where it listens.
    public let bind: BindAddress
    /// The copy.
    public let descriptor: Int32
  }

  private struct State {
    var offered: [Offered] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let answers: Mailbox<Int>
  private let loops: Int

  /// None yet; so many loops will answer.
  init(loops: Int) throws(SystemError) {
    self.loops = loops
    answers = try Mailbox()
  }

  deinit { close() }

  /// One loop's answer.
  func add(_ listeners: [(bind: BindAddress, descriptor: Int32)]) {
    defer { answers.post(1) }
    state.withLock { state in
      if state.isClosed { return }
      for (bind, descriptor) in listeners {
        guard let copy = Socket.duplicate(descriptor) else { continue }
        state.offered.append(Offered(bind: bind, descriptor: copy))
      }
    }
  }

  /// The sockets of all loops; nil if one of them does not answer in time.
  public func wait(milliseconds: Int) -> [Offered]? {
    let end = Clock.monotonic.adding(milliseconds: milliseconds)
    var missing = loops - answers.take().count
    while missing > 0 {
      let now = Clock.monotonic
      if now >= end { return nil }
      answers.wait(milliseconds: Int32(clamping: end.since(now) / 1_000_000 + 1))
      missing -= answers.take().count
    }
    return state.withLock { $0.offered }
  }

  /// Closes the copies.
  public func close() {
    let offered = state.withLock { state in
      state.isClosed = true
      defer { state.offered = [] }
      return state.offered
    }
    for one in offered { Socket.close(one.descriptor) }
  }
}
