import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// WebSockets (RFC 6455): policies see the handshake; after the upstream's `101`, and not a byte
/// before, frames pass in both directions. To a client that came by HTTP/2 they are the content of
/// a stream (RFC 8441).
extension Forwarding {
  /// Whether the client asks for a WebSocket, and the service has them.
  func wantsTunnel(_ turn: borrowing Turn, _ route: PlanRoute) -> Bool {
    turn.exchange.request.isWebSocket && route.service.webSocket != nil
  }

  /// Makes the handshake one for a socket without extensions: what is compressed could not be held
  /// to a length.
  func prepareTunnel(_ turn: inout Turn, _ route: PlanRoute) {
    if wantsTunnel(turn, route) {
      turn.exchange.request.fields.remove(named: "sec-websocket-extensions".utf8.span)
      if stream != nil { proposeKey(&turn) }
    } else {
      turn.exchange.request.isWebSocket = false
    }
  }

  /// By HTTP/2 a handshake has no key (RFC 8441 §5): the upstream gets one of our own.
  private func proposeKey(_ turn: inout Turn) {
    var unused = Fields()
    let chance = worker.traces.append(to: &unused, sampled: 0)
    let key = WebSocketKey(chance.high, chance.low)
    turn.exchange.request.fields.remove(named: "sec-websocket-key".utf8.span)
    turn.exchange.request.fields.append(name: "sec-websocket-key", value: key.text.span)
    tunnelKey = key
  }

  /// The upstream's answer to the handshake is none that its client could use.
  func refuseTunnel(_ turn: inout Turn, _ reason: StaticString) -> ReadStep {
    upstream = nil
    refuse(&turn, .badGateway, reason, closes: true, fault: .upstream)
    return .refused
  }

  /// The upstream has switched: tells the client so, and begins to pass frames on.
  func beginTunnel(
    _ turn: inout Turn, _ client: ClientConnection, _ route: PlanRoute
  ) -> ReadStep {
    guard let limits = route.service.webSocket, let upstream else { return .over }
    let told = turn.exchange.response.fields.value(named: "sec-websocket-extensions".utf8.span)
    if told != nil { return refuseTunnel(&turn, "extension that nobody asked for") }
    if let tunnelKey, !tunnelKey.isAnswered(in: turn.exchange.response.fields) {
      return refuseTunnel(&turn, "answer to another handshake")
    }
    responseFraming = .untilClose
    isHeadSent = true
    tunnel = WebSocketTunnel(limits)
    worker.loop.setDeadline(.distantFuture, of: upstream)
    if let stream {
      switchStream(&turn, stream)
    } else {
      client.write {
        HeadWriter.switching(
          turn.exchange.response, reply: turn.exchange.replyFields, into: &$0)
      }
      client.beginTunnel()
    }
    keepTunnel(client)
    return .needMore
  }

  /// On a stream, what begins a WebSocket is a status like any other (RFC 8441 §5).
  private func switchStream(_ turn: inout Turn, _ stream: ClientStream) {
    turn.exchange.response.fields.remove(named: "sec-websocket-accept".utf8.span)
    turn.exchange.response.status = 200
    stream.sendHead(turn, framing: .chunked, hasContent: true)
    turn.exchange.response.status = 101
    stream.beginTunnel()
  }

  private func keepTunnel(_ client: ClientConnection) {
    guard let tunnel else { return }
    let moment = worker.loop.now.adding(milliseconds: tunnel.limits.idleMilliseconds)
    if let stream { return stream.keepTunnel(until: moment) }
    worker.loop.setDeadline(moment, of: client)
  }

  /// Passes frames of the upstream on.
  func tunnelDown(
    _ input: inout ByteBuffer, _ turn: inout Turn, _ client: ClientConnection
  ) -> ReadStep {
    guard let tunnel, !isOver else { return .over }
    if !input.isEmpty { keepTunnel(client) }
    while !input.isEmpty {
      var fault: (code: UInt16, reason: StaticString)?
      if tunnel.upstreamPassed == 0 {
        let found = tunnel.fromUpstream.read(input.readable, now: worker.loop.now)
        (tunnel.upstreamPassed, fault) = (found.count, found.fault)
      }
      let sent = deliver(input.readable.extracting(first: tunnel.upstreamPassed), client)
      input.consume(sent)
      tunnel.upstreamPassed -= sent
      if tunnel.upstreamPassed > 0 { return .blocked }
      if let fault {
        endTunnel(&turn, fault.code, fault.reason, .upstream, isReading: true)
        return .refused
      }
      if sent == 0 { break }
    }
    return .needMore
  }

  /// Passes frames of the client on.
  func tunnelUp(_ input: inout ByteBuffer) -> ReadStep {
    guard let tunnel, let client, let upstream, !isOver else { return .over }
    keepTunnel(client)
    while !input.isEmpty {
      var fault: (code: UInt16, reason: StaticString)?
      if tunnel.clientPassed == 0 {
        let found = tunnel.fromClient.read(input.readable, now: worker.loop.now)
        (tunnel.clientPassed, fault) = (found.count, found.fault)
      }
      var sent = 0
      while sent < tunnel.clientPassed {
        let part = input.readable.extracting(sent..<tunnel.clientPassed)
        let count = upstream.send(content: part)
        sent += count
        if count == 0, !upstream.flush() || !upstream.isWritable { break }
      }
      input.consume(sent)
      bytesIn += UInt64(sent)
      tunnel.clientPassed -= sent
      isBlockedOnUpstream = tunnel.clientPassed > 0
      if isBlockedOnUpstream { return .blocked }
      if let fault {
        withTurn(()) { endTunnel(&$0, fault.code, fault.reason, .client) }
        return .over
      }
      if sent == 0 { break }
    }
    return .needMore
  }

  /// Says goodbye to both sides, where that can be said between two frames, and ends.
  func endTunnel(_ code: UInt16, _ reason: StaticString, _ fault: Fault) {
    withTurn(()) { endTunnel(&$0, code, reason, fault) }
    conclude()
  }

  private func endTunnel(
    _ turn: inout Turn, _ code: UInt16, _ reason: StaticString, _ fault: Fault,
    isReading: Bool = false
  ) {
    guard let tunnel, let client, !isOver else { return }
    if tunnel.fromUpstream.isBetweenFrames, tunnel.upstreamPassed == 0,
      !tunnel.fromUpstream.hasClosed
    {
      var goodbye = ByteBuffer()
      WebSocketReader.close(code, toClient: true, key: 0, into: &goodbye)
      sendAnswer(goodbye.readable, client)
    }
    endStream()
    if let upstream, tunnel.fromClient.isBetweenFrames, tunnel.clientPassed == 0,
      !tunnel.fromClient.hasClosed
    {
      let key = UInt32(truncatingIfNeeded: worker.loop.now.nanoseconds &* 0x9E37_79B9)
      upstream.write { WebSocketReader.close(code, toClient: false, key: key, into: &$0) }
      upstream.flush()
    }
    // The upstream's own reader, if it is on the way back to it, closes it.
    if !isReading { upstream?.abandon() }
    upstream = nil
    over(&turn, closes: true, reason: reason, fault: fault)
  }

  /// Ends the stream, if it is one and nothing waits.
  private func endStream() {
    if let stream, stream.isAnswerSent { stream.end(Fields()) }
  }

  /// The client has ended its side: what it said last goes on, and then both end.
  func clientEndedTunnel() {
    withTurn(()) { turn in
      upstream?.flush()
      upstream?.abandon()
      upstream = nil
      endStream()
      over(&turn, closes: true, reason: "", fault: .none)
    }
    conclude()
  }
}
