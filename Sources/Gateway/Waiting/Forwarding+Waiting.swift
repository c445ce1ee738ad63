import HTTP
import PolicyKit
import Telemetry

/// Policies are asked one after another; one that lacks a fact is asked again when that is there.
extension Forwarding {
  /// So many facts one exchange waits for at most: a policy that never has enough ends here.
  private static let needsMax = 8

  /// Asks the policies about the head, from the one that was left on.
  func review(_ turn: inout Turn, _ client: ClientConnection, _ found: PlanRoute) {
    var index = reviewedCount
    while index < found.requestPolicies.count {
      switch found.requestPolicies[index].review(&turn.exchange) {
      case .proceed: index += 1
      case .deny(let denial):
        note(refusalBy: found.requestPolicyNames[index])
        return deny(&turn, denial)
      case .answer(let status): return answer(&turn, status)
      case .wait(let need):
        reviewedCount = index
        if parks(&turn, need) { return }
      }
    }
    reviewedCount = index
    admit(&turn, client, found)
  }

  /// Whether the exchange waits now, or was refused since it cannot; false if the outcome is there.
  func parks(_ turn: inout Turn, _ need: Need) -> Bool {
    guard turn.exchange.needs.count < Forwarding.needsMax, worker.mayPark else {
      refuse(&turn, .overloaded, "too much is waited for", closes: false, fault: .gateway)
      return true
    }
    turn.exchange.needs.append(need)
    ticket = worker.park(self, need)
    return ticket != 0
  }

  /// What was waited for is there, or cannot be had: the policy is asked again.
  func obtained() {
    ticket = 0
    guard let client, let route, !isOver else { return }
    isBlockedOnUpstream = false
    withTurn(()) { turn in
      if reviewedCount < route.requestPolicies.count {
        review(&turn, client, route)
      } else {
        release(&turn)
      }
    }
    let stream = stream
    conclude()
    if let stream {
      if stream.forwarding === self { stream.resume() }
    } else if client.forwarding === self {
      client.process()
    }
  }

  /// Waits no more; what is still got for others goes on.
  func unpark() {
    if ticket == 0 { return }
    worker.unpark(ticket)
    ticket = 0
  }
}
