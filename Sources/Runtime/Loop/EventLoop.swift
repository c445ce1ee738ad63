public import Base
import CLinux

/// One thread's event loop: an epoll instance, the channels on it, and their deadlines.
///
/// A loop and everything on it belong to one thread. What comes from elsewhere comes through a
/// mailbox.
public final class EventLoop {
  private var time = Clock.monotonic
  private var wallTime = Clock.wallMillisecondsAtTick
  /// Called after each round of events.
  public var afterRound: () -> Void = {}
  /// Whether something is left to do, so that the next round does not wait for events.
  public var isBusy = false
  /// The loop returns from `run` when this is set.
  public var isStopped = false

  private let epoll: Int32
  private var channels: [Channel?] = []
  private var wheel = TimerWheel()
  private var generation: UInt32 = 0
  private var events: [UInt64]

  /// A loop of its own.
  public init() throws(SystemError) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    if epoll < 0 { throw SystemError("epoll_create1") }
    events = [UInt64](repeating: 0, count: 2 * 256)
  }

  deinit { Socket.close(epoll) }

  /// The monotonic clock, read once for each round of events.
  public var now: Instant { time }

  /// The wall clock in milliseconds since 1970, as of the system's last tick before the round.
  public var wallMilliseconds: UInt64 { wallTime }

  /// Both directions and the end, told once for each change.
  private var interest: UInt32 {
    EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | (UInt32(1) << 31)
  }

  /// Starts to watch a channel.
  public func add(_ channel: Channel) throws(SystemError) {
    let descriptor = channel.descriptor
    generation &+= 1
    channel.generation = generation
    let token = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    if linux_epoll_add(epoll, descriptor, token, interest) < 0 { throw SystemError("epoll_ctl") }
    while channels.count <= Int(descriptor) { channels.append(nil) }
    channels[Int(descriptor)] = channel
  }

  /// Gives the descriptor of `source` to `channel`, whose own is closed; both are on this loop.
  public func move(_ source: Channel, to channel: Channel) throws(SystemError) {
    let descriptor = source.descriptor
    let old = channel.descriptor
    generation &+= 1
    let token = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    if linux_epoll_change(epoll, descriptor, token, interest) < 0 { throw SystemError("epoll_ctl") }
    if old >= 0 {
      if Int(old) < channels.count, channels[Int(old)] === channel { channels[Int(old)] = nil }
      Socket.close(old)
    }
    source.fileDescriptor = -1
    source.deadline = .distantFuture
    channel.fileDescriptor = descriptor
    channel.generation = generation
    channel.mayRead = source.mayRead
    channel.mayWrite = source.mayWrite
    channel.hasHungUp = source.hasHungUp
    channels[Int(descriptor)] = channel
  }

  /// Closes a channel whose socket another process may have as well.
  ///
  /// As long as anybody has the socket, `epoll` would go on telling of it (epoll(7)).
  public func leave(_ channel: Channel) {
    if channel.descriptor >= 0 { _ = linux_epoll_remove(epoll, channel.descriptor) }
    close(channel)
  }

  /// Closes a channel's descriptor and forgets it; nothing happens if it is closed already.
  public func close(_ channel: Channel) {
    let descriptor = channel.descriptor
    if descriptor < 0 { return }
    channel.fileDescriptor = -1
    channel.deadline = .distantFuture
    if Int(descriptor) < channels.count, channels[Int(descriptor)] === channel {
      channels[Int(descriptor)] = nil
    }
    Socket.close(descriptor)
  }

  /// Sets when a channel's `deadlinePassed` is due; replaces the earlier deadline.
  ///
  /// The wheel is touched only when the new deadline comes before the time at which the channel
  /// is looked at anyway, so that moving a deadline back costs a store.
  @inline(__always)
  public func setDeadline(_ deadline: Instant, of channel: Channel) {
    channel.deadline = deadline
    if TimerWheel.tick(deadline) < channel.wheelTick { schedule(channel) }
  }

  private func schedule(_ channel: Channel) {
    if channel.descriptor < 0 || channel.deadline == .distantFuture { return }
    wheel.schedule(channel, now: time)
  }

  /// Runs until `isStopped`.
  public func run() {
    while !isStopped {
      poll()
      fireDeadlines()
      afterRound()
    }
  }

  private func poll() {
    let wait: Int32 = isBusy ? 0 : 64
    // Safety: the buffer is valid for the call, and holds as many events as it says.
    let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
      unsafe linux_epoll_wait(epoll, buffer.baseAddress, Int32(buffer.count / 2), wait)
    }
    time = Clock.monotonic
    wallTime = Clock.wallMillisecondsAtTick
    if count <= 0 { return }
    for index in 0..<Int(count) {
      dispatch(events[2 * index], UInt32(truncatingIfNeeded: events[2 * index + 1]))
    }
  }

  @inline(__always)
  private func dispatch(_ token: UInt64, _ flags: UInt32) {
    let descriptor = Int(token & 0xFFFF_FFFF)
    guard descriptor < channels.count, let channel = channels[descriptor],
      channel.generation == UInt32(token >> 32)
    else { return }
    if flags & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    {
      channel.mayRead = true
    }
    if flags & EPOLLOUT.rawValue != 0 { channel.mayWrite = true }
    if flags & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
      channel.hasHungUp = true
    }
    channel.ready(self)
  }

  private func fireDeadlines() {
    while let channel = wheel.next(now: time) {
      channel.wheelTick = .max
      if channel.descriptor < 0 { continue }
      if channel.deadline <= time {
        channel.deadline = .distantFuture
        channel.deadlinePassed(self)
      } else {
        schedule(channel)
      }
    }
  }
}
