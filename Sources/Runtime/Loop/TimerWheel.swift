import Base

/// A hashed timer wheel: channels by the tick in which their deadline is to be looked at.
///
/// A channel stands in it at most once for each tick. A deadline beyond the wheel's horizon is
/// looked at when the horizon is reached and put back.
struct TimerWheel {
  /// 2^26 ns, about 67 ms: the grain of all deadlines.
  static let tickShift: UInt64 = 26
  private static let slotCount = 1024

  private var slots: [[Channel]]
  private var current: UInt64
  private var due: [Channel] = []

  init() {
    slots = Array(repeating: [], count: TimerWheel.slotCount)
    current = TimerWheel.tick(Clock.monotonic)
  }

  /// The first tick at whose start `instant` has passed.
  @inline(__always)
  static func tick(_ instant: Instant) -> UInt64 { (instant.nanoseconds >> tickShift) &+ 1 }

  /// Files a channel under the tick of its deadline.
  mutating func schedule(_ channel: Channel, now: Instant) {
    let horizon = current + UInt64(TimerWheel.slotCount) - 1
    let tick = min(max(TimerWheel.tick(channel.deadline), current + 1), horizon)
    if tick >= channel.wheelTick { return }
    channel.wheelTick = tick
    slots[Int(tick % UInt64(TimerWheel.slotCount))].append(channel)
  }

  /// The next channel whose tick has come, or nil.
  mutating func next(now: Instant) -> Channel? {
    let target = now.nanoseconds >> TimerWheel.tickShift
    while true {
      while let channel = due.popLast() {
        if channel.wheelTick <= current { return channel }
      }
      if current >= target { return nil }
      current += 1
      let slot = Int(current % UInt64(TimerWheel.slotCount))
      if !slots[slot].isEmpty { swap(&due, &slots[slot]) }
    }
  }
}
