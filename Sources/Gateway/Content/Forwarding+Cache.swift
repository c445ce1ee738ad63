import Base
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// Responses that are kept (RFC 9111): before the upstream is asked.
extension Forwarding {
  /// Answers from the cache, or has the exchange wait for another's answer; false if the upstream
  /// is to be asked.
  func answersFromCache(
    _ turn: inout Turn, _ client: ClientConnection, _ found: PlanRoute,
    _ policy: any CachingPolicy
  ) -> Bool {
    let caching = self.caching ?? begin(turn, client, found, policy)
    switch caching.asked.kind {
    case .passing, .changing:
      metrics.cached(.passed)
      return false
    case .answerable, .readOnly: break
    }
    if answers(&turn, client, caching) { return true }
    if caching.asked.control.flags.contains(.onlyIfCached) {
      metrics.cached(.missed)
      refuse(
        &turn, .upstreamTimeout, "only what is kept is wanted, and nothing is", closes: false)
      return true
    }
    guard caching.asked.kind == .answerable else {
      metrics.cached(.passed)
      return false
    }
    if waits(caching) { return true }
    metrics.cached(.missed)
    CacheQuestion.write(&turn.exchange.request, caching, clientFieldCount)
    return false
  }

  private func begin(
    _ turn: borrowing Turn, _ client: ClientConnection, _ found: PlanRoute,
    _ policy: any CachingPolicy
  ) -> CacheTurn {
    let asked = CacheRequest(
      turn.exchange, service: found.service.nameBytes,
      isSecure: ForwardedFields.isSecure(turn.exchange, client), rules: policy.rules)
    let made = CacheTurn(policy, asked)
    caching = made
    return made
  }

  /// Answers by a kept response, if one may be used.
  private func answers(
    _ turn: inout Turn, _ client: ClientConnection, _ caching: CacheTurn
  ) -> Bool {
    switch caching.cache.find(caching.asked, turn.exchange.request.fields, rules: caching.rules) {
    case .nothing: caching.reason = "uri-miss"
    case .otherVariants: caching.reason = "vary-miss"
    case .response(let kept):
      let (age, freshness) = (kept.age(at: loop.now), kept.freshness(at: loop.now))
      let isAllowed = freshness > 0 || !kept.mustBeFresh
      if isAllowed, caching.asked.takes(age: age, freshness: freshness, rules: caching.rules) {
        metrics.cached(freshness > 0 ? .hit : .stale)
        serve(kept, &turn, client, caching, hasAsked: false)
        return true
      }
      if kept.mayStandInWhileAsked(at: loop.now), caching.cache.isAsked(caching.asked.key) {
        metrics.cached(.stale)
        serve(kept, &turn, client, caching, hasAsked: false)
        return true
      }
      caching.reason = freshness > 0 ? "request" : "stale"
      caching.stale = kept
    }
    return false
  }

  /// Whether the exchange waits for the answer that another has asked for.
  private func waits(_ caching: CacheTurn) -> Bool {
    if caching.waits >= CacheTurn.waitsMax || !worker.mayPark { return false }
    worker.ticketCount += 1
    let (ticket, mailbox) = (worker.ticketCount, worker.mailbox)
    switch caching.cache.takeTurn(
      caching.asked.key, now: loop.now, wake: { mailbox.post(.obtained(ticket)) })
    {
    case .alone: return false
    case .leads:
      caching.isLeading = true
      return false
    case .waits:
      caching.waits += 1
      if caching.waits == 1 { metrics.cached(.joined) }
      self.ticket = ticket
      worker.parked[ticket] = self
      worker.turnWaits.append(
        (ticket, loop.now.adding(milliseconds: CacheTurn.waitMilliseconds)))
      return true
    }
  }

  // MARK: The upstream's response

  /// Looks at the head of a response before any policy does; a step if it is not the client's.
  func reviewForCache(
    _ turn: inout Turn, _ client: ClientConnection, _ caching: CacheTurn
  ) -> ReadStep? {
    let status = turn.exchange.response.status
    switch caching.asked.kind {
    case .changing:
      // RFC 9111 §4.4: what was changed is not what is kept.
      if status < 400 { CacheQuestion.forget(turn.exchange, caching) }
      CacheQuestion.tell(&turn.exchange.replyFields, "gatehouse; fwd=method")
      return nil
    case .passing, .readOnly:
      CacheQuestion.tell(&turn.exchange.replyFields, "gatehouse; fwd=bypass")
      return nil
    case .answerable: break
    }
    if let step = substitute(&turn, client, caching, status) { return step }
    let seconds = Int(upstreamNanoseconds / 1_000_000_000)
    if upstreamFraming != .untilClose, !isTooLong(caching),
      let head = CacheStorability.entry(
        turn.exchange.response, for: caching.asked, requestFields: turn.exchange.request.fields,
        rules: caching.rules, now: loop.now, wallSeconds: Int(loop.wallMilliseconds / 1000),
        delaySeconds: seconds)
    {
      caching.record(head)
    } else {
      // A failure says nothing of the next answer.
      caching.end(isShared: status >= 500 ? nil : false, now: loop.now)
    }
    CacheQuestion.tell(&turn.exchange.replyFields, caching, status)
    return nil
  }

  private func isTooLong(_ caching: CacheTurn) -> Bool {
    if case .length(let count) = upstreamFraming { return count > caching.rules.contentBytesMax }
    return false
  }

  /// What is kept, in the place of a 304 or of a failure.
  private func substitute(
    _ turn: inout Turn, _ client: ClientConnection, _ caching: CacheTurn, _ status: Int
  ) -> ReadStep? {
    guard let old = caching.stale else { return nil }
    if status == 304, caching.isAsking {
      guard
        let new = CacheStorability.refreshed(
          old, by: turn.exchange.response, rules: caching.rules, now: loop.now,
          wallSeconds: Int(loop.wallMilliseconds / 1000),
          delaySeconds: Int(upstreamNanoseconds / 1_000_000_000))
      else {
        caching.cache.forget(caching.asked.key)
        letUpstreamGo()
        refuse(
          &turn, .badGateway, "a 304 about what was not asked", closes: false, fault: .upstream)
        return .refused
      }
      caching.end(isShared: caching.cache.keep(new), now: loop.now)
      metrics.cached(.confirmed)
      caching.due = new
      return .needMore
    }
    let isFailure = status == 500 || status == 502 || status == 503 || status == 504
    guard isFailure, old.mayStandInForFailure(at: loop.now, rules: caching.rules) else {
      return nil
    }
    // Its connection closes: what the failure's content is nobody wants to know.
    letUpstreamGo()
    caching.end(isShared: nil, now: loop.now)
    metrics.cached(.stale)
    serve(old, &turn, client, caching, hasAsked: true)
    return .refused
  }

  /// What is kept, in the place of no response at all; false if nothing may be.
  func servesForFailure(_ turn: inout Turn) -> Bool {
    guard let caching, let client, let old = caching.stale, !isHeadSent,
      old.mayStandInForFailure(at: loop.now, rules: caching.rules)
    else { return false }
    caching.end(isShared: nil, now: loop.now)
    metrics.cached(.stale)
    serve(old, &turn, client, caching, hasAsked: true)
    return true
  }

  /// The upstream's response is whole; true if the client gets another in its place.
  func finishForCache(
    _ turn: inout Turn, _ client: ClientConnection, _ caching: CacheTurn
  ) -> Bool {
    if let due = caching.due {
      caching.due = nil
      serve(due, &turn, client, caching, hasAsked: true)
      return true
    }
    if caching.isRecording {
      // Trailers would have to be kept as well.
      if turn.responseBody.trailers.lines.isEmpty {
        caching.keep(now: loop.now)
      } else {
        caching.stopRecording(now: loop.now)
      }
    }
    return false
  }

  func endCaching() {
    var ended: CacheTurn?
    swap(&ended, &caching)
    ended?.close(now: loop.now)
  }
}
