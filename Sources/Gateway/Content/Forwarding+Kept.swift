import Base
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// Responses that are kept: on their way to a client.
extension Forwarding {
  /// Sends a kept response, as if it had just come: policies see it again. `hasAsked` says whether
  /// the upstream was asked.
  func serve(
    _ kept: CachedResponse, _ turn: inout Turn, _ client: ClientConnection, _ caching: CacheTurn,
    hasAsked: Bool
  ) {
    guard let route else { return }
    turn.responseBody.begin(.none)
    turn.exchange.response.clear()
    turn.exchange.response.status = kept.status
    turn.exchange.response.fields = kept.fields
    isHeadRead = true
    Reply.append(&turn.exchange.response.fields, "age", number: kept.age(at: loop.now))
    CacheQuestion.tell(
      &turn.exchange.replyFields, freshness: kept.freshness(at: loop.now), caching: caching,
      hasAsked: hasAsked)
    // Where the upstream was asked, the conditions are the gateway's own.
    let isSame =
      !caching.isAsking && CacheCondition.isNotModified(turn.exchange.request, kept)
    if isSame { CacheCondition.write304(&turn.exchange.response) }
    let isHead = turn.exchange.request.method == .head
    let hasContent = !isSame && !isHead && kept.status != 204
    turn.exchange.response.framing = hasContent ? .length(kept.content.count) : .none
    if !isSame, kept.status != 204 {
      Reply.append(
        &turn.exchange.response.fields, "content-length", number: kept.content.count)
    }
    for index in route.responsePolicies.indices {
      route.responsePolicies[index].reviewResponse(&turn.exchange)
    }
    var content = hasContent ? kept.content : []
    if hasContent, isHeld(turn, route) {
      if !inspectResponse(&content, &turn, route) { return }
      turn.exchange.response.framing = .length(content.count)
    }
    writeHead(&turn, client)
    caching.sentCount = 0
    caching.content = content
    sendKept(&turn, client, caching)
  }

  private func isHeld(_ turn: borrowing Turn, _ route: PlanRoute) -> Bool {
    for index in route.responseBodyPolicies.indices
    where route.responseBodyPolicies[index].holdsResponse(of: turn.exchange) != .none {
      return true
    }
    return false
  }

  /// Sends content from the cache, as far as the client takes it.
  private func sendKept(_ turn: inout Turn, _ client: ClientConnection, _ caching: CacheTurn) {
    guard let content = caching.content else { return }
    while caching.sentCount < content.count {
      let sent = deliver(content.span.extracting(caching.sentCount...), client)
      caching.sentCount += sent
      if sent == 0 || isBlockedOnClient { break }
    }
    if caching.sentCount < content.count { return }
    caching.content = nil
    if let encoding { return finishEncoding(&turn, encoding, client) }
    sendEnd(turn, client)
    over(&turn, closes: closesAfter(turn), reason: "", fault: .none)
  }

  /// The client takes content again.
  func resumeKept(_ caching: CacheTurn) {
    guard let client else { return }
    withTurn(()) { sendKept(&$0, client, caching) }
    conclude()
  }
}
