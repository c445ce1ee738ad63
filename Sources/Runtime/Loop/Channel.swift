import Base

/// Something with a descriptor that an event loop watches: a connection, a listener, a mailbox.
///
/// Readiness is edge-triggered: `readable` and `writable` stay set until a call would block.
open class Channel {
  // What is stored is internal, so that the compiler sees all uses of it and can prove that no two
  // overlap; for a public stored property it has to ask at run time, at each use.
  final var fileDescriptor: Int32
  final var mayRead = false
  final var mayWrite = false
  final var hasHungUp = false
  /// When `deadlinePassed` is due; read by the loop's timer wheel when the time comes.
  final var deadline = Instant.distantFuture
  /// The tick that the wheel will look at this channel in; `UInt64.max` for none.
  final var wheelTick = UInt64.max
  /// Tells this registration from an earlier one of the same descriptor.
  final var generation: UInt32 = 0

  public init(descriptor: Int32) { fileDescriptor = descriptor }

  /// The descriptor; -1 once it is closed.
  public final var descriptor: Int32 { fileDescriptor }

  /// Whether reading may succeed.
  public final var isReadable: Bool {
    get { mayRead }
    set { mayRead = newValue }
  }

  /// Whether writing may succeed.
  public final var isWritable: Bool {
    get { mayWrite }
    set { mayWrite = newValue }
  }

  /// Whether the other side has closed, or the connection is broken.
  public final var isHungUp: Bool { hasHungUp }

  /// Called when readiness has changed.
  open func ready(_ loop: EventLoop) {}

  /// Called when the deadline has passed.
  open func deadlinePassed(_ loop: EventLoop) {}
}
