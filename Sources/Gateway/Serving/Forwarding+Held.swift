import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import Telemetry

/// Content that is held back until the policies have seen it.
extension Forwarding {
  /// Kept for the next exchange, if it is no larger.
  private static let keptBytesMax = 64 * 1024

  /// Fields that tell of content byte by byte, and so of none that was changed (RFC 9110 §7.7).
  static let contentFields: [[UInt8]] = [
    "etag", "last-modified", "content-md5", "digest", "content-digest", "repr-digest",
    "accept-ranges", "content-range",
  ].map { Array($0.utf8) }

  /// Whether any policy wants to see the content before it goes on.
  func holdsContent(_ turn: borrowing Turn, _ route: PlanRoute) -> Bool {
    guard turn.exchange.request.hasBody else { return false }
    for index in route.bodyPolicies.indices
    where route.bodyPolicies[index].holdsContent(of: turn.exchange) {
      return true
    }
    return false
  }

  /// Whether all policies let the content through; otherwise the request is answered.
  func inspect(_ turn: inout Turn, _ route: PlanRoute) -> Bool {
    var content = collected
    while inspectedCount < route.bodyPolicies.count {
      switch route.bodyPolicies[inspectedCount].inspect(content.span, of: &turn.exchange) {
      case .proceed:
        inspectedCount += 1
        guard let changed = turn.exchange.newContent else { continue }
        turn.exchange.newContent = nil
        guard turn.exchange.request.hasBody else { continue }
        content = changed
        collected = changed
        for name in Forwarding.contentFields {
          turn.exchange.request.fields.remove(named: name.span)
        }
        continue
      case .deny(let denial):
        note(refusalBy: route.bodyPolicyNames[inspectedCount])
        deny(&turn, denial)
      case .answer(let status): answer(&turn, status)
      case .wait(let need): if !parks(&turn, need) { continue }
      case .count:
        refuse(
          &turn, .internalError, "a policy counts where none may", closes: false, fault: .gateway)
      }
      return false
    }
    return true
  }

  /// The content is whole: the policies decide, and it goes on with a length.
  func release(_ turn: inout Turn) {
    isHolding = false
    guard let route, let client, inspect(&turn, route) else { return }
    if route.service.responder != nil { return respond(&turn) }
    if turn.exchange.request.hasBody { requestFraming = .length(collected.count) }
    turn.exchange.request.framing = requestFraming
    goUpstream(&turn, client, route)
  }

  /// Sends what the upstream has not got yet of content that was held.
  func sendHeld() {
    let content = collected
    if let upstreamStream { return sendHeld(content, to: upstreamStream) }
    guard let upstream, let route, upstream.isConnected else { return }
    while heldSent < content.count {
      let sent = upstream.send(content: content.span.extracting(heldSent...))
      heldSent += sent
      if sent == 0, !upstream.flush() || !upstream.isWritable { break }
    }
    isBlockedOnUpstream = heldSent < content.count
    isRequestSent = !isBlockedOnUpstream
    arm(upstream, route.timeouts.firstByteMilliseconds)
    needsPush = true
  }

  private func sendHeld(_ content: [UInt8], to stream: UpstreamStream) {
    guard let route, stream.isOpen else { return }
    heldSent += stream.send(content.span.extracting(heldSent...))
    isBlockedOnUpstream = heldSent < content.count
    isRequestSent = !isBlockedOnUpstream
    arm(stream, route.timeouts.firstByteMilliseconds)
    needsPush = true
  }

  /// Forgets what was kept.
  func dropCollected() {
    heldSent = 0
    if collected.isEmpty { return }
    var kept: [UInt8] = []
    swap(&kept, &collected)
    if kept.capacity > Forwarding.keptBytesMax { return }
    kept.removeAll(keepingCapacity: true)
    swap(&kept, &collected)
  }
}
