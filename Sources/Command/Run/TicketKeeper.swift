import Blueprint
import Crypto
import Formats
import Runtime
import TLS

/// The keys of session tickets: random ones of this process, and those of secrets that nodes share.
///
/// A ring lives on through reloads, so that clients resume what they began before.
final class TicketKeeper {
  private struct Shared {
    let secret: [UInt8]
    let ring: TicketKeyRing
  }

  private let own: TicketKeyRing
  private var shared: [Shared] = []

  init() throws(CryptoError) { own = try TicketKeyRing(now: Clock.monotonic) }

  /// The ring for a listener: that of its secret, or the process's own.
  func ring(for tls: TLSBlueprint) throws(CryptoError) -> TicketKeyRing? {
    guard tls.sessionTickets else { return nil }
    guard let text = tls.ticketSecret else { return own }
    let secret = Array(text.string.utf8)
    if let known = shared.first(where: { $0.secret == secret }) { return known.ring }
    let ring = try TicketKeyRing(now: Clock.monotonic)
    try ring.derive(
      from: secret, now: Clock.monotonic, unixSeconds: Int64(Clock.wallMilliseconds / 1000))
    shared.append(Shared(secret: secret, ring: ring))
    return ring
  }

  /// Makes new keys where it is time to; what fails is tried again at the next call.
  func refresh() {
    _ = try? own.rotateIfDue(now: Clock.monotonic)
    for one in shared {
      try? one.ring.derive(
        from: one.secret, now: Clock.monotonic, unixSeconds: Int64(Clock.wallMilliseconds / 1000))
    }
  }
}
