import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// The upstream's side of an exchange, where that is a stream of HTTP/2.
extension Forwarding {
  /// Chooses a connection, and writes the request's head, or waits until there is room for it.
  func forwardStream(
    _ turn: inout Turn, _ pool: ServicePool, _ route: PlanRoute, _ target: Int
  ) {
    let number = pool.service.targets[target].metricNumber
    let shared = pool.takeShared(target)
    guard let connection = shared ?? connect(pool, target), let streams = connection.streams else {
      pool.failed(target, .unavailable, worker)
      return tryFailed(&turn, .unavailable)
    }
    metrics.upstreamRequested(number, reusing: streams.isReady)
    pool.began(target)
    (isHeadRead, interimCount) = (false, 0)
    isRequestSent = !turn.exchange.request.hasBody
    let stream = streams.attach(self)
    upstreamStream = stream
    if stream.isOpen {
      writeHead(turn.exchange.request, to: stream)
      arm(stream, route.timeouts.firstByteMilliseconds)
    } else {
      arm(stream, route.timeouts.connectMilliseconds)
    }
    if shared == nil {
      let giveUpAt = loop.now.adding(milliseconds: route.timeouts.connectMilliseconds)
      streams.begin(giveUpAt: giveUpAt)
      connection.race?.begin(giveUpAt: giveUpAt)
    }
    if !collected.isEmpty {
      heldSent = 0
      isBlockedOnUpstream = true
      sendHeld()
    }
  }

  private func writeHead(_ request: borrowing RequestHead, to stream: UpstreamStream) {
    guard let service = route?.service else { return }
    if service.preservesHost, !request.host.isEmpty {
      var host = Array(request.fields.arena[request.host.range])
      if request.port != 0 { host += Array(":\(request.port)".utf8) }
      stream.sendHead(request, authority: host.span, framing: request.framing)
    } else {
      let authority = stream.connection.authority
      stream.sendHead(request, authority: authority.span, framing: request.framing)
    }
  }

  /// There is room for the request now: its head goes out, and what waits of its content.
  func upstreamOpened(_ stream: UpstreamStream) {
    guard let route else { return }
    withTurn(()) { writeHead($0.exchange.request, to: stream) }
    arm(stream, route.timeouts.firstByteMilliseconds)
    upstreamWritable()
  }

  /// Sets the deadline of what the upstream is to do next.
  func arm(_ stream: UpstreamStream, _ milliseconds: Int) {
    stream.deadline = min(loop.now.adding(milliseconds: milliseconds), wholeDeadline)
    stream.connection.streams?.arm(stream.deadline)
    stream.connection.streams?.watch()
  }

  /// Sends content of the request; returns how much the upstream took.
  func send(_ content: Span<UInt8>, to stream: UpstreamStream, _ route: PlanRoute) -> Int {
    let taken = stream.send(content)
    bytesIn += UInt64(taken)
    isBlockedOnUpstream = taken < content.count
    if stream.isOpen { arm(stream, route.timeouts.firstByteMilliseconds) }
    return taken
  }

  // MARK: The response

  /// Reads the head of the response by `read`.
  func readResponse(
    _ read: (inout ResponseHead, Method) -> HTTP2ResponseOutcome
  ) -> HTTP2ResponseOutcome {
    withTurn(.malformed("")) { turn in
      turn.exchange.response.clear()
      return read(&turn.exchange.response, turn.exchange.request.method)
    }
  }

  /// Counts an interim response, which goes no further; whether there were enough of them.
  func hasTooManyInterim() -> Bool {
    interimCount += 1
    return interimCount > plan.limits.interimResponseCountMax
  }

  /// The head of the response is read.
  func responseBegan(_ stream: UpstreamStream) -> ReadStep {
    guard let client else { return .over }
    return withTurn(.over) { turn in
      isHeadRead = true
      upstreamFraming = turn.exchange.response.framing
      turn.responseBody.begin(.untilClose)
      if upstreamFraming == .none || upstreamFraming == .length(0) {
        turn.responseBody.close(trailers: Fields())
      }
      return responded(
        &turn, client, stream.connection.pool, stream.connection.target,
        stream.connection.metricNumber)
    }
  }

  /// Passes content on, as far as the client takes it, and the end behind it.
  func receiveContent(_ input: inout ByteBuffer, _ stream: UpstreamStream) -> ReadStep {
    guard let client, isHeadRead, !isOver else { return .over }
    return withTurn(.over) { turn in
      if stream.isWhole { turn.responseBody.close(trailers: stream.trailers) }
      return pump(&input, &turn, client)
    }
  }

  /// Whether the client is who is waited for, so that the upstream's silence is no fault.
  func clientHoldsUp(_ stream: UpstreamStream) -> Bool {
    let isClientDue = isBlockedOnClient || (!isRequestSent && !isBlockedOnUpstream)
    guard isClientDue, stream.isOpen, let route, loop.now < wholeDeadline else { return false }
    arm(
      stream,
      isHeadRead ? route.timeouts.idleMilliseconds : route.timeouts.firstByteMilliseconds)
    return true
  }
}
