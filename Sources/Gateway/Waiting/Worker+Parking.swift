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

  /// Has those that have waited long enough for the answer to another ask for themselves: who asks
  /// for all may be slow to take it.
  func endTurnWaits() {
    while let first = turnWaits.first, first.until <= loop.now {
      turnWaits.removeFirst()
      parked[first.ticket]?.caching?.waits = CacheTurn.waitsMax
      obtained(first.ticket)
    }
  }

  /// Has the exchange called when the counts are there; 0 if they cannot be had at all.
  func count(_ forwarding: Forwarding, _ counts: [SharedCount]) -> UInt64 {
    guard let counters else { return 0 }
    ticketCount += 1
    guard counters.ask(ticketCount, counts) else { return 0 }
    parked[ticketCount] = forwarding
    return ticketCount
  }

  /// Counts that an exchange waits for are there, or cannot be had.
  func counted(_ ticket: UInt64, _ answers: [CountAnswer]) {
    parked.removeValue(forKey: ticket)?.counted(answers)
  }

  /// The exchange is over, or goes on.
  func unpark(_ ticket: UInt64) { parked[ticket] = nil }

  func obtained(_ ticket: UInt64) { parked.removeValue(forKey: ticket)?.obtained() }
}
