import HTTP
import PolicyKit
import Telemetry

/// What a worker is told from outside.
enum WorkerMessage: Sendable {
  /// A new plan is in force, and an access log, which may be the same.
  case adopt(Plan, AccessLog?)
  /// The consumers and keys of the store are these from now on.
  case live(LiveDirectory)
  /// The answer that the holder of a ticket waits for.
  case reply(ticket: UInt64, ServiceResponse)
  /// Finish what is under way and stop; a second time, stop at once.
  case drain
  /// Another process has the listening sockets: finish what is under way, without haste, and stop.
  case leave
  /// Somebody wants copies of the listening sockets.
  case offer(OfferedListeners)
  /// What the exchange with this ticket waits for is there, or cannot be had.
  case obtained(UInt64)
}
