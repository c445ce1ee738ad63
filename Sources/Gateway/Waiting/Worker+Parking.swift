import PolicyKit
import Runtime

/// Exchanges that wait for a fact which a policy lacks.
extension Worker {
  /// Each holds a client's connection, of which there are not many more.
  private static let parkedMax = 16_384

  var mayPark: Bool { parked.count < Worker.parkedMax }

  /// Has the exchange called when the need is settled; 0 if it is, and nobody has to wait.
  func park(_ forwarding: Forwarding, _ need: Need) -> UInt64 {
    ticketCount += 1
    let ticket = ticketCount
    let mailbox = mailbox
    let standing = need.wait { mailbox.post(.obtained(ticket)) }
    if standing == .isSettled { return 0 }
    parked[ticket] = forwarding
    if standing == .begins { needs(need) }
    return ticket
  }

  /// The exchange is over, or goes on.
  func unpark(_ ticket: UInt64) { parked[ticket] = nil }

  func obtained(_ ticket: UInt64) { parked.removeValue(forKey: ticket)?.obtained() }
}
