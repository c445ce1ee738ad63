import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// The upstream's side of an exchange: tries, and the response.
extension Forwarding {
  /// Chooses an upstream and a connection, and writes the request's head.
  func forward(_ turn: inout Turn, _ pool: ServicePool, _ route: PlanRoute) {
    guard let target = pool.pick(excluding: tried, key: balanceKey, now: loop.now) else {
      return failed(&turn, .unavailable)
    }
    lastTarget = target
    tried |= 1 << UInt64(target & 63)
    upstreamStart = loop.now
    if pool.service.speaksHTTP2 { return forwardStream(&turn, pool, route, target) }
    guard let connection = pool.takeIdle(target) ?? connect(pool, target) else {
      pool.failed(target, .unavailable, worker)
      return tryFailed(&turn, .unavailable)
    }
    upstream = connection
    metrics.upstreamRequested(
      pool.service.targets[target].metricNumber, reusing: connection.isConnected)
    pool.began(target)
    (isHeadRead, interimCount) = (false, 0)
    turn.responseParser.reset()
    if pool.service.proxyHeader != nil, let client { connection.introduce(turn.exchange, client) }
    connection.begin(self)
    writeHead(turn.exchange.request, to: connection, pool.service, target)
    isRequestSent = !turn.exchange.request.hasBody
    let milliseconds =
      connection.isConnected
      ? route.timeouts.firstByteMilliseconds : route.timeouts.connectMilliseconds
    arm(connection, milliseconds)
    connection.race?.begin(
      giveUpAt: min(loop.now.adding(milliseconds: milliseconds), wholeDeadline))
    if attempts > 0 { needsPush = true }
    if !collected.isEmpty {
      heldSent = 0
      isBlockedOnUpstream = true
      sendHeld()
    }
  }

  private func writeHead(
    _ request: borrowing RequestHead, to connection: UpstreamConnection, _ service: PlanService,
    _ target: Int
  ) {
    if service.preservesHost, !request.host.isEmpty {
      var host = Array(request.fields.arena[request.host.range])
      if request.port != 0 { host += Array(":\(request.port)".utf8) }
      connection.write {
        HeadWriter.request(request, host: host.span, framing: request.framing, into: &$0)
      }
    } else {
      let authority = connection.authority
      connection.write {
        HeadWriter.request(request, host: authority.span, framing: request.framing, into: &$0)
      }
    }
  }

  /// Sets the deadline of what the upstream is to do next.
  func arm(_ upstream: UpstreamConnection, _ milliseconds: Int) {
    // Who is silent for too long in a WebSocket is the client's connection's affair.
    if tunnel != nil { return }
    let deadline = min(loop.now.adding(milliseconds: milliseconds), wholeDeadline)
    loop.setDeadline(deadline, of: upstream)
  }

  func connect(_ pool: ServicePool, _ target: Int) -> UpstreamConnection? {
    let opened = UpstreamConnection.open(pool, target, attempt: attempts, worker)
    guard let connection = opened else { return nil }
    metrics.upstreamConnected(pool.service.targets[target].metricNumber)
    if pool.service.speaksHTTP2 { pool.share(connection, target) }
    return connection
  }

  /// Sends what waits for the upstream.
  func push() { if let upstreamStream { upstreamStream.push() } else { upstream?.push() } }

  /// The connection stands; what waits may go.
  func upstreamConnected() {
    guard let route, let upstream else { return }
    arm(upstream, route.timeouts.firstByteMilliseconds)
  }

  /// The upstream takes content again.
  func upstreamWritable() {
    if !isBlockedOnUpstream { return }
    isBlockedOnUpstream = false
    if collected.isEmpty {
      if let stream { stream.resume() } else { client?.process() }
    } else {
      sendHeld()
      conclude()
    }
  }

  // MARK: The response

  /// Reads the head, interim ones before it included, and writes it to the client.
  func receiveHead(
    _ input: inout ByteBuffer, _ turn: inout Turn, _ client: ClientConnection,
    _ upstream: UpstreamConnection
  ) -> ReadStep {
    let method = turn.exchange.request.method
    while true {
      switch turn.responseParser.parse(
        &input, into: &turn.exchange.response, method: method,
        maySwitch: turn.exchange.request.isWebSocket)
      {
      case .incomplete: return .needMore
      case .refused: return .fault(.garbage)
      case .complete: break
      }
      if !turn.exchange.response.isInterim || turn.exchange.response.status == 101 { break }
      interimCount += 1
      if interimCount > plan.limits.interimResponseCountMax { return .fault(.garbage) }
      turn.exchange.response.clear()
      turn.responseParser.reset()
    }
    // Content where there can be none: what it means to the upstream is not known (RFC 9112 §6.3).
    if turn.exchange.response.framing == .none, !input.isEmpty { return .fault(.garbage) }
    isHeadRead = true
    upstreamFraming = turn.exchange.response.framing
    upstreamKeepsAlive = turn.responseParser.keepsAlive
    turn.responseBody.begin(upstreamFraming)
    return responded(&turn, client, upstream.pool, upstream.target, upstream.metricNumber)
  }

  /// The head of the response is there, from a target of a pool.
  func responded(
    _ turn: inout Turn, _ client: ClientConnection, _ pool: ServicePool, _ target: Int,
    _ metricNumber: Int
  ) -> ReadStep {
    guard let route else { return .over }
    upstreamNanoseconds = loop.now.since(upstreamStart)
    metrics.upstreamResponded(metricNumber, nanoseconds: upstreamNanoseconds)
    if pool.isMeasured { pool.measured(target, upstreamNanoseconds, now: loop.now) }
    if turn.exchange.response.status < 500 { pool.succeeded(target, now: loop.now) }
    armIdle(route)
    if let caching, let step = reviewForCache(&turn, client, caching) { return step }
    for index in route.responsePolicies.indices {
      route.responsePolicies[index].reviewResponse(&turn.exchange)
    }
    if turn.exchange.response.status == 101 { return beginTunnel(&turn, client, route) }
    if turn.exchange.request.isWebSocket, stream != nil, turn.exchange.response.status < 300 {
      return refuseTunnel(&turn, "upstream did not switch")
    }
    if !route.responseBodyPolicies.isEmpty, holds(&turn, route) {
      return responseHold == .none ? .refused : .needMore
    }
    writeHead(&turn, client)
    return .needMore
  }

  /// Tells the client that the response begins.
  func writeHead(_ turn: inout Turn, _ client: ClientConnection) {
    if let webCall { translateHead(&turn, webCall) }
    if let policy = route?.codingPolicy, webCall == nil { beginEncoding(&turn, policy) }
    responseFraming = turn.exchange.response.framing
    if responseFraming == .chunked || responseFraming == .untilClose {
      responseFraming = turn.requestParser.isVersion10 ? .untilClose : .chunked
    }
    isHeadSent = true
    // RFC 9110 §6.6.1: who passes on a response without it says when it came.
    if turn.exchange.response.fields.value(.date) == nil {
      worker.appendDate(to: &turn.exchange.replyFields)
    }
    sendHead(
      turn, client, framing: announcedFraming(turn), hasContent: responseFraming != .none,
      closes: closesAfter(turn))
  }

  /// What the head says of the content's length: also of content that HEAD leaves out.
  private func announcedFraming(_ turn: borrowing Turn) -> BodyFraming {
    guard responseFraming == .none,
      turn.exchange.request.method == .head || turn.exchange.response.status == 304,
      let count = Reply.contentLength(turn.exchange.response.fields)
    else { return responseFraming }
    return .length(count)
  }

  func closesAfter(_ turn: borrowing Turn) -> Bool {
    !turn.requestParser.keepsAlive || responseFraming == .untilClose || worker.isDraining
      || !isContentRead(turn)
  }

  /// Passes content on as far as the client takes it.
  func pump(
    _ input: inout ByteBuffer, _ turn: inout Turn, _ client: ClientConnection
  ) -> ReadStep {
    while true {
      if let webCall, !drain(webCall, client) { return .blocked }
      switch turn.responseBody.next(&input) {
      case .content(let count):
        if responseHold != .none {
          guard keep(input.readable.extracting(first: count), &turn, client) else {
            return .refused
          }
          turn.responseBody.took(count, from: &input)
          continue
        }
        if let webCall {
          let step = min(count, GRPCWebCall.stepBytes)
          webCall.write(input.readable.extracting(first: step))
          turn.responseBody.took(step, from: &input)
          continue
        }
        let taken = deliver(input.readable.extracting(first: count), client)
        if taken > 0 { turn.responseBody.took(taken, from: &input) }
        if taken < count { return .blocked }
      case .needMore:
        spliceRest(ofResponse: turn, client)
        return .needMore
      case .refused: return .fault(.garbage)
      case .end:
        if let webCall, responseHold == .none {
          webCall.write(trailers: turn.responseBody.trailers)
          if !drain(webCall, client) { return .blocked }
        }
        finish(&turn, client)
        return .finished
      }
    }
  }

  /// The response is whole: its end goes to the client.
  func finish(_ turn: inout Turn, _ client: ClientConnection) {
    if responseHold != .none { return releaseResponse(&turn) }
    if let caching, finishForCache(&turn, client, caching) { return }
    if let encoding { return finishEncoding(&turn, encoding, client) }
    sendEnd(turn, client)
    over(&turn, closes: closesAfter(turn), reason: "", fault: .none)
  }

  /// The upstream has no more for now: what there is goes out.
  func upstreamPaused() {
    guard isHeadRead, let client, let route else { return }
    if let encoding { flushEncoding(encoding, client) }
    if isHeadSent, stream == nil { client.flush() }
    armIdle(route)
    if client.isBroken { worker.later(client) }
  }

  /// Sets the deadline of what the upstream has still to say.
  private func armIdle(_ route: PlanRoute) {
    if let upstream {
      arm(upstream, route.timeouts.idleMilliseconds)
    } else if let upstreamStream {
      arm(upstreamStream, route.timeouts.idleMilliseconds)
    }
  }

  /// Whether the client is who is waited for, so that the upstream's silence is no fault: it gets
  /// its time anew. The client has deadlines of its own; that of the whole exchange stays.
  func clientHoldsUp(_ upstream: UpstreamConnection) -> Bool {
    let isClientDue = isBlockedOnClient || (!isRequestSent && !isBlockedOnUpstream)
    guard isClientDue, let route, loop.now < wholeDeadline else { return false }
    arm(
      upstream,
      isHeadRead ? route.timeouts.idleMilliseconds : route.timeouts.firstByteMilliseconds)
    return true
  }

  /// The response is whole, and its connection no longer ours.
  func upstreamFinished() {
    letUpstreamGo()
    conclude()
  }

  // MARK: Failures

  /// A try has failed: the next one, or the refusal.
  func tryFailed(_ turn: inout Turn, _ fault: UpstreamFault) {
    count(fault)
    if isHeadSent { return cut(&turn, fault) }
    if mayRetry(turn.exchange.request, fault) {
      attempts += 1
      metrics.upstreamRetried()
      turn.exchange.response.clear()
      if let pool, let route { forward(&turn, pool, route) }
      return
    }
    failed(&turn, fault)
  }

  private func count(_ fault: UpstreamFault) {
    guard let route, lastTarget >= 0 else { return }
    let target = route.service.targets[lastTarget]
    metrics.upstreamFailed(target.metricNumber, fault.kind)
    ErrorLog.debug("\(target.label(route.service.name)): \(fault.reason)")
  }

  private func mayRetry(_ request: borrowing RequestHead, _ fault: UpstreamFault) -> Bool {
    // What was kept can be sent again; what went through is gone.
    let isKept = !request.hasBody || !collected.isEmpty
    guard let pool, bytesIn == 0 || isKept else { return false }
    let isRepeatable = request.method.isIdempotent && isKept
    if fault == .closedStale { return attempts < 3 && isRepeatable }
    // It said itself that it has not looked at it, and is as well as before.
    if fault == .leaving { return attempts < 3 }
    guard attempts < pool.service.retries.count else { return false }
    let isUnsent =
      fault == .unreachable || fault == .notSecured || fault == .unavailable
      || fault == .refused
    return (isUnsent || isRepeatable) && pool.withdraw(now: loop.now)
  }

  private func failed(_ turn: inout Turn, _ fault: UpstreamFault) {
    if caching != nil, servesForFailure(&turn) { return }
    let problem: Problem =
      switch fault {
      case .timedOut: .upstreamTimeout
      case .unavailable, .refused, .leaving, .overburdened: .upstreamUnavailable
      default: .badGateway
      }
    refuse(&turn, problem, fault.reason, closes: false, fault: .upstream)
  }

  /// The response cannot be completed: the client must notice, so the connection breaks.
  func cut(_ turn: inout Turn, _ fault: UpstreamFault) {
    if cutCall(&turn, fault) { return }
    record(&turn, reason: fault.reason, fault: .upstream)
    isOver = true
    ending = .cut
  }
}
