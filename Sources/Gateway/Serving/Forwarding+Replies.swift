import Base
import HTTP
import PolicyKit
import Runtime
import TLS
import Telemetry
import Wire

/// Answers of the gateway's own, and the end of the exchange.
extension Forwarding {
  func deny(_ turn: inout Turn, _ denial: Denial) {
    if denial.retryAfterSeconds > 0 {
      Reply.append(&turn.exchange.replyFields, "retry-after", number: denial.retryAfterSeconds)
    }
    if let challenge = denial.challenge {
      turn.exchange.replyFields.append(name: "www-authenticate", text: challenge)
    }
    refuse(&turn, denial.problem, denial.reason, closes: false, fault: .client)
  }

  /// Refuses the request with a problem document.
  func refuse(
    _ turn: inout Turn, _ problem: Problem, _ reason: StaticString, closes: Bool,
    fault: Fault = .client
  ) {
    guard let client, !isOver else { return }
    abandonUpstream()
    if isHeadSent { return cut(&turn, .cut) }
    turn.exchange.problem = problem
    if let route, !route.refusalPolicies.isEmpty {
      for index in route.refusalPolicies.indices {
        route.refusalPolicies[index].refused(turn.exchange, problem)
      }
    }
    if refuseCall(&turn, client, problem, reason, closes: closes, fault: fault) { return }
    turn.exchange.response.clear()
    turn.exchange.response.status = problem.status
    turn.exchange.response.fields.append(name: "content-type", text: "application/problem+json")
    var body = ByteBuffer()
    swap(&body, &worker.scratch)
    body.clear()
    Reply.write(problem, errors: turn.exchange.problemErrors, into: &body)
    answer(&turn, client, body: body.readable, closes: closes, reason: reason, fault: fault)
    swap(&body, &worker.scratch)
  }

  func answer(_ turn: inout Turn, _ status: Int) {
    guard let client else { return }
    turn.exchange.response.clear()
    turn.exchange.response.status = status
    let nothing = ByteBuffer()
    answer(&turn, client, body: nothing.readable, closes: false, reason: "", fault: .none)
  }

  /// Keeps content for a responder of our own; returns how much.
  func collect(_ content: Span<UInt8>, _ turn: inout Turn) -> Int {
    if collected.count + content.count > plan.limits.bodyBufferBytesMax {
      refuse(&turn, .contentTooLarge, "content longer than the buffer", closes: true)
      return content.count
    }
    var kept: [UInt8] = []
    swap(&kept, &collected)
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe content.withUnsafeBufferPointer { unsafe kept.append(contentsOf: $0) }
    swap(&kept, &collected)
    bytesIn += UInt64(content.count)
    return content.count
  }

  func respond(_ turn: inout Turn) {
    guard let client, let responder = route?.service.responder else { return }
    answerTicket = worker.await(self)
    let request = Reply.serviceRequest(turn.exchange, collected)
    guard let response = responder.begin(request, reply: worker.reply(to: answerTicket)) else {
      return
    }
    worker.forget(ticket: answerTicket)
    answerTicket = 0
    send(response, &turn, client)
  }

  /// The answer of a responder that took its time.
  func deliver(_ response: ServiceResponse) {
    answerTicket = 0
    guard let client, !isOver else { return }
    withTurn(()) { send(response, &$0, client) }
    conclude()
  }

  private func send(
    _ response: ServiceResponse, _ turn: inout Turn, _ client: ClientConnection
  ) {
    turn.exchange.response.clear()
    turn.exchange.response.status = response.status
    for field in response.fields {
      turn.exchange.response.fields.append(
        name: field.name.utf8.span, value: field.value.utf8.span)
    }
    answer(&turn, client, body: response.body.span, closes: false, reason: "", fault: .none)
  }

  private func answer(
    _ turn: inout Turn, _ client: ClientConnection, body: Span<UInt8>, closes: Bool,
    reason: StaticString, fault: Fault
  ) {
    worker.appendDate(to: &turn.exchange.replyFields)
    let status = turn.exchange.response.status
    let hasNoBody = status == 204 || status == 304
    responseFraming = hasNoBody ? .none : .length(body.count)
    let ends = closesBehindAnswer(turn, closes: closes)
    let framing = responseFraming
    let isBodySent = turn.exchange.request.method != .head && !hasNoBody
    sendHead(turn, client, framing: framing, hasContent: isBodySent, closes: ends)
    if isBodySent {
      sendAnswer(body, client)
      bytesOut = UInt64(body.count)
    }
    isHeadSent = true
    over(&turn, closes: ends, reason: reason, fault: fault)
  }

  /// Content that was not read leaves the connection in doubt: it closes (SMG-06).
  func closesBehindAnswer(_ turn: borrowing Turn, closes: Bool) -> Bool {
    closes || !turn.requestParser.keepsAlive || worker.isDraining
      || (turn.exchange.request.hasBody && !isContentRead(turn))
  }

  // MARK: The end

  func over(_ turn: inout Turn, closes: Bool, reason: StaticString, fault: Fault) {
    if isOver { return }
    isOver = true
    ending = closes ? .close : .keep
    record(&turn, reason: reason, fault: fault)
  }

  /// Counts the exchange and writes its line of the access log.
  func record(_ turn: inout Turn, reason: StaticString, fault: Fault) {
    if !turn.exchange.fullPath.isEmpty { turn.exchange.request.path = turn.exchange.fullPath }
    if let route, !route.secretParameters.isEmpty { SecretQuery.mask(&turn.exchange, route) }
    writeLine(turn, reason: reason, fault: fault)
    // An idle object must not keep the consumer of an older plan alive.
    turn.exchange.consumer = nil
  }

  private func writeLine(_ turn: borrowing Turn, reason: StaticString, fault: Fault) {
    let duration = loop.now.since(turn.exchange.start)
    metrics.finished(
      route: route?.metricNumber ?? -1, service: route?.service.metricNumber ?? -1,
      consumer: turn.exchange.consumer?.metricNumber { metrics.number(ofConsumer: $0) } ?? -1,
      status: turn.exchange.response.status, problem: turn.exchange.problem, nanoseconds: duration,
      bytesIn: bytesIn, bytesOut: bytesOut)
    if let recorder = worker.recorder {
      write(turn, to: recorder, duration, reason: reason, fault: fault)
    }
    guard let log = worker.accessLog else { return }
    var entry = AccessRecord()
    entry.wallMilliseconds = turn.exchange.wallMilliseconds
    entry.client = turn.exchange.client
    entry.status = turn.exchange.response.status
    entry.durationMicroseconds = duration / 1000
    entry.upstreamMicroseconds = upstreamNanoseconds / 1000
    entry.bytesIn = bytesIn
    entry.bytesOut = bytesOut
    entry.problem = turn.exchange.problem
    entry.reason = reason
    entry.fault = fault
    entry.version = version(turn)
    if let session = client?.tls {
      entry.tlsVersion = session.version.name
      entry.tlsCipher = session.cipher.name
    }
    log.append(
      entry, request: turn.exchange.request, requestID: turn.exchange.requestID,
      consumer: turn.exchange.consumer?.nameBytes ?? [], route: route?.name ?? [],
      service: route?.service.nameBytes ?? [],
      upstream: lastTarget >= 0 ? route?.service.targets[lastTarget].authority ?? [] : [],
      detail: turn.exchange.detail, fingerprint: client?.tls?.clientFingerprint ?? [])
  }
}
