import HTTP
import PolicyKit
import Telemetry

/// Policies are asked one after another; one that lacks a fact is asked again when that is there.
extension Forwarding {
  /// So many facts one exchange waits for at most: a policy that never has enough ends here.
  private static let needsMax = 8
  /// So many counts one exchange asks for at most.
  private static let countsMax = 16

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
      case .count(let count):
        reviewedCount = index
        if counts(&turn, found, index, count) { return }
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

  /// Whether the exchange waits for counts now, or was refused since it cannot; false if the policy
  /// can be asked again at once.
  ///
  /// Policies that follow and count as well are counted by the same round trip.
  private func counts(
    _ turn: inout Turn, _ found: PlanRoute, _ index: Int, _ first: SharedCount
  ) -> Bool {
    let begin = turn.exchange.counts.count
    guard begin < Forwarding.countsMax else {
      refuse(&turn, .overloaded, "too much is counted", closes: false, fault: .gateway)
      return true
    }
    turn.exchange.counts.append(
      ExchangeCount(owner: ObjectIdentifier(found.requestPolicies[index]), count: first))
    var asked = [first]
    var next = index + 1
    while next < found.requestPolicies.count, begin + asked.count < Forwarding.countsMax,
      let policy = found.requestPolicies[next] as? any CountingPolicy,
      let count = policy.count(of: turn.exchange),
      !asked.contains(where: { $0.key == count.key })
    {
      turn.exchange.counts.append(ExchangeCount(owner: ObjectIdentifier(policy), count: count))
      asked.append(count)
      next += 1
    }
    ticket = worker.mayPark ? worker.count(self, asked) : 0
    if ticket != 0 { return true }
    for place in begin..<turn.exchange.counts.count {
      turn.exchange.counts[place].answer = .unknown
    }
    return false
  }

  /// The counts that were waited for are there, or cannot be had.
  func counted(_ answers: [CountAnswer]) {
    withTurn(()) { turn in
      var next = 0
      for place in turn.exchange.counts.indices where turn.exchange.counts[place].answer == nil {
        turn.exchange.counts[place].answer = next < answers.count ? answers[next] : .unknown
        next += 1
      }
    }
    obtained()
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
