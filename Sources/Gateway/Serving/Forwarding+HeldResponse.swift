import Base
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// Responses that are held back until the policies have seen them whole.
extension Forwarding {
  /// Kept for the next exchange, if it is no larger.
  private static let keptBytesMax = 64 * 1024

  /// Whether the response does not go on yet: because its content is held, which `responseHold`
  /// then says, or because it was refused.
  func holds(_ turn: inout Turn, _ route: PlanRoute) -> Bool {
    var hold = ResponseHold.none
    for index in route.responseBodyPolicies.indices {
      hold = max(hold, route.responseBodyPolicies[index].holdsResponse(of: turn.exchange))
    }
    if hold == .none { return false }
    if upstreamFraming == .none || hold == .head {
      var nothing: [UInt8] = []
      return !inspectResponse(&nothing, &turn, route)
    }
    let bytesMax = plan.limits.bodyBufferBytesMax
    if case .length(let count) = upstreamFraming, count > bytesMax {
      if hold == .ifShort { return false }
      refuseLong(&turn)
      return true
    }
    responseHold = hold
    return true
  }

  /// Keeps content; false if the response was refused.
  func keep(_ content: Span<UInt8>, _ turn: inout Turn, _ client: ClientConnection) -> Bool {
    var kept: [UInt8] = []
    swap(&kept, &heldResponse)
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe content.withUnsafeBufferPointer { unsafe kept.append(contentsOf: $0) }
    swap(&kept, &heldResponse)
    caching?.record(content, now: loop.now)
    if heldResponse.count <= plan.limits.bodyBufferBytesMax { return true }
    if responseHold == .always {
      refuseLong(&turn)
      return false
    }
    passHeld(&turn, client)
    return true
  }

  private func refuseLong(_ turn: inout Turn) {
    // The connection's own reader is on the way back to it, and closes it.
    letUpstreamGo()
    responseHold = .none
    refuse(
      &turn, .responseNotAllowed, "response longer than the buffer", closes: false,
      fault: .upstream)
  }

  /// Lets a response that is too long go on unseen: what was kept of it goes first.
  private func passHeld(_ turn: inout Turn, _ client: ClientConnection) {
    responseHold = .none
    writeHead(&turn, client)
    if encoding != nil { return passHeldEncoded(client) }
    let (content, isChunked) = (heldResponse, responseFraming == .chunked && stream == nil)
    if isChunked { client.write { HeadWriter.chunk(content.count, into: &$0) } }
    sendAnswer(content.span, client)
    if isChunked { client.write { HeadWriter.chunkEnd(into: &$0) } }
    bytesOut += UInt64(content.count)
    dropHeldResponse()
  }

  /// What was kept goes through the encoder; what comes out goes as the client takes it.
  private func passHeldEncoded(_ client: ClientConnection) {
    let content = heldResponse
    if let encoding { encoding.take(content.span) }
    _ = deliver(Span(), client)
    dropHeldResponse()
  }

  /// The response is whole: the policies decide, and it goes on with a length.
  func releaseResponse(_ turn: inout Turn) {
    responseHold = .none
    // What becomes of the connection is its own affair: the response has been read to its end.
    letUpstreamGo()
    guard let route, let client else { return }
    var content: [UInt8] = []
    swap(&content, &heldResponse)
    if inspectResponse(&content, &turn, route), isKept(&turn, client),
      isTranslated(&content, &turn),
      route.codingPolicy.map({ encodeWhole(&content, &turn, $0) }) ?? true
    {
      responseFraming = .length(content.count)
      let (body, framing, closes) = (content, responseFraming, closesAfter(turn))
      sendHead(turn, client, framing: framing, hasContent: !body.isEmpty, closes: closes)
      sendAnswer(body.span, client)
      isHeadSent = true
      bytesOut = UInt64(content.count)
      over(&turn, closes: closes, reason: "", fault: .none)
    }
    swap(&content, &heldResponse)
    dropHeldResponse()
  }

  /// Makes a whole response one of gRPC-Web, if its client speaks that.
  private func isTranslated(_ content: inout [UInt8], _ turn: inout Turn) -> Bool {
    guard let call = webCall else { return true }
    translateHead(&turn, call)
    if webCall == nil { return true }
    call.write(content.span)
    call.write(trailers: turn.responseBody.trailers)
    content = Array(call.output.storage[call.output.readIndex..<call.output.writeIndex])
    call.output.clear()
    return true
  }

  /// Has a response that all policies let through kept for others as well.
  private func isKept(_ turn: inout Turn, _ client: ClientConnection) -> Bool {
    if let caching { _ = finishForCache(&turn, client, caching) }
    return true
  }

  /// Whether all policies let the response through; otherwise the client gets another.
  func inspectResponse(
    _ content: inout [UInt8], _ turn: inout Turn, _ route: PlanRoute
  ) -> Bool {
    for index in route.responseBodyPolicies.indices {
      switch route.responseBodyPolicies[index].inspectResponse(
        content.span, of: &turn.exchange)
      {
      case .proceed:
        guard let changed = turn.exchange.newContent else { continue }
        turn.exchange.newContent = nil
        if content.isEmpty { continue }
        content = changed
        for name in Forwarding.contentFields {
          turn.exchange.response.fields.remove(named: name.span)
        }
        continue
      case .deny(let denial):
        letUpstreamGo()
        note(refusalBy: route.responseBodyPolicyNames[index])
        refuse(&turn, denial.problem, denial.reason, closes: false, fault: .upstream)
      case .answer(let status):
        letUpstreamGo()
        answer(&turn, status)
      case .wait, .count:
        // What is decided about a response is in the response: nobody is asked any more.
        letUpstreamGo()
        refuse(
          &turn, .internalError, "a policy waits where none may", closes: false, fault: .gateway)
      }
      return false
    }
    return true
  }

  /// Forgets what was kept of a response.
  func dropHeldResponse() {
    if heldResponse.isEmpty { return }
    var kept: [UInt8] = []
    swap(&kept, &heldResponse)
    if kept.capacity > Forwarding.keptBytesMax { return }
    kept.removeAll(keepingCapacity: true)
    swap(&kept, &heldResponse)
  }
}
