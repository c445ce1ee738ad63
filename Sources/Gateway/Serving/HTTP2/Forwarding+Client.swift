import Base
import HTTP
import PolicyKit
import Runtime
import Telemetry
import Wire

/// The client's side of an exchange, whichever protocol it speaks: the one place where a stream of
/// HTTP/2 and a connection of HTTP/1.1 differ for the rest of the exchange.
extension Forwarding {
  /// The version that the request came by.
  func version(_ turn: borrowing Turn) -> ProtocolVersion {
    stream != nil ? .http2 : turn.requestParser.isVersion10 ? .http10 : .http11
  }

  /// Whether all of the request's content was read.
  func isContentRead(_ turn: borrowing Turn) -> Bool {
    if let stream { return stream.isRequestWhole }
    return turn.requestBody.isFinished
  }

  /// Tells a client that waits for it to send the content (RFC 9110 §10.1.1).
  func sendContinue(_ client: ClientConnection) {
    if let stream { return stream.sendContinue() }
    client.write { $0.append("HTTP/1.1 100 Continue\r\n\r\n") }
    client.flush()
  }

  /// Sends the head of the response; `framing` is what it says of the content.
  func sendHead(
    _ turn: borrowing Turn, _ client: ClientConnection, framing: BodyFraming, hasContent: Bool,
    closes: Bool
  ) {
    if let stream { return stream.sendHead(turn, framing: framing, hasContent: hasContent) }
    client.write {
      HeadWriter.response(
        turn.exchange.response, reply: turn.exchange.replyFields, framing: framing,
        closes: closes, keepAliveVersion10: turn.requestParser.isVersion10 && !closes, into: &$0)
    }
  }

  /// Sends content that is there whole, behind its head or before what follows.
  func sendAnswer(_ content: Span<UInt8>, _ client: ClientConnection) {
    if let stream { return stream.send(answer: content) }
    client.write { $0.append(content) }
  }

  /// Passes content of the response on as far as the client takes it; returns how much.
  func deliver(_ content: Span<UInt8>, _ client: ClientConnection) -> Int {
    if encoding == nil, caching == nil { return pass(content, client) }
    let taken =
      if let encoding { deliverEncoded(content, encoding, client) } else { pass(content, client) }
    caching?.record(content.extracting(first: taken), now: loop.now)
    return taken
  }

  /// Passes on content as it is.
  @inline(__always)
  func pass(_ content: Span<UInt8>, _ client: ClientConnection) -> Int {
    var taken = 0
    if let stream {
      taken = stream.send(content)
    } else {
      while taken < content.count {
        let rest = content.extracting(taken...)
        let sent =
          responseFraming == .chunked ? client.send(chunk: rest) : client.send(content: rest)
        taken += sent
        if sent == 0, !client.flush() || !client.isWritable { break }
      }
    }
    bytesOut += UInt64(taken)
    isBlockedOnClient = taken < content.count
    if isBlockedOnClient {
      client.awaitRoom()
      if client.isBroken { worker.later(client) }
    }
    return taken
  }

  /// Sends the end of the response.
  func sendEnd(_ turn: borrowing Turn, _ client: ClientConnection) {
    if webCall != nil {
      // They stand in the content.
      if let stream { return stream.end(Fields()) }
      return client.write { HeadWriter.lastChunk(Fields(), into: &$0) }
    }
    if let stream { return stream.end(turn.responseBody.trailers) }
    if responseFraming != .chunked { return }
    if turn.exchange.request.acceptsTrailers {
      client.write { HeadWriter.lastChunk(turn.responseBody.trailers, into: &$0) }
    } else {
      client.write { HeadWriter.lastChunk(Fields(), into: &$0) }
    }
  }

  // MARK: A stream's request

  /// Reads the head of a stream's request by `read`, routes it, asks the policies, and begins to
  /// forward.
  func receive(_ read: (inout RequestHead) -> HTTP2Head) -> HTTP2Head {
    guard let client else { return .failed("") }
    return withTurn(.failed("")) { turn in
      makeReady(&turn)
      start(&turn, client)
      let outcome = read(&turn.exchange.request)
      switch outcome {
      case .complete: begin(&turn, client)
      case .refused(let problem, let reason): refuse(&turn, problem, reason, closes: true)
      case .malformed(let reason), .failed(let reason):
        turn.exchange.problem = .malformedRequest
        turn.exchange.response.status = Problem.malformedRequest.status
        isOver = true
        record(&turn, reason: reason, fault: .client)
      }
      return outcome
    }
  }

  /// Takes content of a stream's request; returns how much.
  func receiveContent(_ content: Span<UInt8>) -> Int {
    if isOver { return content.count }
    // Nothing is taken for frames before the upstream has agreed to a WebSocket.
    if ticket != 0 || requestFraming == .none {
      isBlockedOnUpstream = true
      return 0
    }
    return withTurn(content.count) { take(content, &$0) }
  }

  /// A stream's request is whole.
  func contentEnded() {
    withTurn(()) { requestFinished(&$0) }
  }
}
