import Base

/// Something with a descriptor that an event loop watches: a connection, a listener, a mailbox.
///
/// Readiness is edge-triggered: `readable` and `writable` stay set until a call would block.
open class Channel {
  /// The descriptor; -1 once it is closed.
  public internal(set) final var descriptor: Int32
  /// Whether reading may succeed.
  public final var isReadable = false
  /// Whether writing may succeed.
  public final var isWritable = false
  /// Whether the other side has closed, or the connection is broken.
  public final var isHungUp = false
  /// When `deadlinePassed` is due; read by the loop's timer wheel when the time comes.
  final var deadline = Instant.distantFuture
  /// The tick that the wheel will look at this channel in; `UInt64.max` for none.
  final var wheelTick = UInt64.max
  /// Tells this registration from an earlier one of the same descriptor.
  final var generation: UInt32 = 0

  public init(descriptor: Int32) { self.descriptor = descriptor }

  /// Called when readiness has changed.
  open func ready(_ loop: EventLoop) {}

  /// Called when the deadline has passed.
  open func deadlinePassed(_ loop: EventLoop) {}
}
