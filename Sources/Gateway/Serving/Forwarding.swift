import Base
import Blueprint
import HTTP
import PolicyKit
import Runtime
import TLS
import Telemetry
import Wire

/// One exchange on its way: policies, choice of upstream, both directions of content, the log.
///
/// The objects are reused, so that an exchange in the steady state allocates nothing.
final class Forwarding {
  let exchange = Exchange()
  var parser: RequestParser
  var requestBody: BodyDecoder
  /// Bytes of content that came from the client, and that went to it.
  private(set) var bytesIn: UInt64 = 0
  private(set) var bytesOut: UInt64 = 0
  /// Whether content waits for the upstream, or for the client.
  private(set) var isBlockedOnUpstream = false
  private(set) var isBlockedOnClient = false
  /// Whether the whole request went to the upstream, so that its connection is clean.
  private(set) var isRequestSent = false

  let worker: Worker
  private var client: ClientConnection?
  private var upstream: UpstreamConnection?
  private var pool: ServicePool?
  var route: PlanRoute?
  private var plan: Plan
  private var attempts = 0
  private var tried: UInt64 = 0
  private var lastTarget = -1
  private var isHeadSent = false
  private var isOver = false
  private var responseFraming = BodyFraming.none
  private var upstreamStart = Instant(nanoseconds: 0)
  private var upstreamNanoseconds: UInt64 = 0
  private var collected: [UInt8] = []
  private var wholeDeadline = Instant.distantFuture
  /// The path as the client asked for it, for the log.
  private var fullPath = Slice.empty

  init(worker: Worker) {
    self.worker = worker
    plan = worker.plan
    parser = RequestParser(limits: plan.limits)
    requestBody = BodyDecoder(limits: plan.limits)
  }

  /// Makes the object ready for a client's next request.
  func prepare(_ client: ClientConnection) {
    self.client = client
    if plan !== worker.plan {
      plan = worker.plan
      parser = RequestParser(limits: plan.limits)
      requestBody = BodyDecoder(limits: plan.limits)
    }
    parser.reset()
    exchange.clear()
    (bytesIn, bytesOut, attempts, tried, lastTarget) = (0, 0, 0, 0, -1)
    (isBlockedOnUpstream, isBlockedOnClient, isRequestSent) = (false, false, false)
    (isHeadSent, isOver, upstreamNanoseconds) = (false, false, 0)
    wholeDeadline = .distantFuture
    fullPath = .empty
    route = nil
    pool = nil
  }

  /// Lets go of what an idle object must not keep alive.
  func release() {
    client = nil
    upstream = nil
    pool = nil
    route = nil
    exchange.consumer = nil
    if !collected.isEmpty { collected = [] }
  }

  // MARK: The request

  /// Notes when and from whom the request came.
  func start() {
    guard let client else { return }
    exchange.start = worker.loop.now
    exchange.wallMilliseconds = worker.loop.wallMilliseconds
    exchange.client = client.address
    exchange.isSecure = client.tls != nil
  }

  /// The head is complete: routes, asks the policies, and begins to forward.
  func begin() {
    guard let client else { return }
    start()
    requestBody.begin(exchange.request.framing)
    ForwardedFields.cleanse(exchange, client)
    let found = client.listener.settings.admin ?? match()
    guard let found else { return }
    route = found
    exchange.route = found.index
    for index in found.requestPolicies.indices {
      switch found.requestPolicies[index].review(exchange) {
      case .proceed: continue
      case .deny(let denial): return deny(denial)
      case .answer(let status): return answer(status)
      }
    }
    if case .length(let count) = exchange.request.framing, count > exchange.bodyBytesMax {
      return refuse(.contentTooLarge, "content longer than the route allows", closes: true)
    }
    if exchange.request.expectsContinue, exchange.request.hasBody {
      client.openOutput()
      client.output.append("HTTP/1.1 100 Continue\r\n\r\n")
      client.flush()
    }
    if found.service.responder != nil {
      if !exchange.request.hasBody { respond() }
      return
    }
    ForwardedFields.add(exchange, client)
    fullPath = exchange.request.path
    if found.stripCount > 0 { strip(found.stripCount) }
    if found.timeouts.wholeMilliseconds > 0 {
      wholeDeadline = worker.loop.now.adding(milliseconds: found.timeouts.wholeMilliseconds)
    }
    pool = worker.pool(found.service, of: plan)
    pool?.budget.deposit()
    forward()
  }

  /// Takes the prefix away: what is left starts with one `/`, whatever it was (NRM-09).
  private func strip(_ count: Int) {
    let path = exchange.request.path
    let rest = Int(path.count) - count
    exchange.request.path =
      rest > 0
      ? Slice(offset: Int(path.offset) + count, count: rest) : exchange.request.fields.store("/")
  }

  private func match() -> PlanRoute? {
    switch plan.router.match(exchange.request) {
    case .route(let index): return plan.routes[index]
    case .notFound: refuse(.notFound, "no route", closes: false)
    case .methodNotAllowed:
      for method in plan.router.allowedMethods(for: exchange.request) {
        exchange.replyFields.append(name: "allow", value: method.utf8.span)
      }
      refuse(.methodNotAllowed, "no route takes the method", closes: false)
    case .malformedPath: refuse(.malformedRequest, "ambiguous path", closes: true)
    }
    return nil
  }

  // MARK: The upstream

  private func forward() {
    guard let pool, let route else { return }
    guard let target = pool.pick(excluding: tried, now: worker.loop.now) else {
      return failed(.unavailable)
    }
    lastTarget = target
    tried |= 1 << UInt64(target & 63)
    upstreamStart = worker.loop.now
    guard let connection = pool.takeIdle(target) ?? connect(pool, target) else {
      pool.failed(target, now: worker.loop.now)
      return upstreamFailed(.unavailable)
    }
    upstream = connection
    pool.loads[target] += 1
    connection.begin(self)
    connection.openOutput()
    let authority = hostField(pool.service, target)
    HeadWriter.request(
      exchange.request, host: authority.span, framing: exchange.request.framing,
      into: &connection.output)
    isRequestSent = !exchange.request.hasBody
    let milliseconds =
      connection.isConnected
      ? route.timeouts.firstByteMilliseconds : route.timeouts.connectMilliseconds
    arm(connection, milliseconds)
    if attempts > 0 { connection.push() }
  }

  private func hostField(_ service: PlanService, _ target: Int) -> [UInt8] {
    let request = exchange.request
    if !service.preservesHost || request.host.isEmpty { return service.targets[target].authority }
    var host = Array(request.fields.arena[request.host.range])
    if request.port != 0 { host += Array(":\(request.port)".utf8) }
    return host
  }

  private func arm(_ connection: UpstreamConnection, _ milliseconds: Int) {
    let deadline = min(worker.loop.now.adding(milliseconds: milliseconds), wholeDeadline)
    worker.loop.setDeadline(deadline, of: connection)
  }

  private func connect(_ pool: ServicePool, _ target: Int) -> UpstreamConnection? {
    let goal = pool.service.targets[target]
    guard let address = goal.address(attempt: attempts),
      !worker.isOwnListener(address, goal.port),
      let descriptor = try? Socket.connect(address, port: goal.port)
    else { return nil }
    let connection = UpstreamConnection(
      descriptor: descriptor, worker: worker, pool: pool, target: target)
    guard (try? worker.loop.add(connection)) != nil else {
      Socket.close(descriptor)
      return nil
    }
    worker.metrics.upstreamConnected()
    return connection
  }

  /// Sends what waits for the upstream.
  func push() { upstream?.push() }

  /// The connection stands; what waits may go.
  func upstreamConnected() {
    guard let route, let upstream else { return }
    arm(upstream, route.timeouts.firstByteMilliseconds)
  }

  /// The upstream takes content again.
  func upstreamWritable() {
    if !isBlockedOnUpstream { return }
    isBlockedOnUpstream = false
    client?.process()
  }

  /// Takes content from the client; returns how much.
  func take(_ content: Span<UInt8>) -> Int {
    if isOver { return content.count }
    if bytesIn + UInt64(content.count) > UInt64(exchange.bodyBytesMax) {
      refuse(.contentTooLarge, "content longer than the route allows", closes: true)
      return content.count
    }
    if route?.service.responder != nil { return collect(content) }
    guard let upstream, upstream.isConnected else {
      isBlockedOnUpstream = true
      return 0
    }
    let isChunked = exchange.request.framing == .chunked
    var taken = 0
    while taken < content.count {
      let rest = content.extracting(taken...)
      let sent = isChunked ? upstream.send(chunk: rest) : upstream.send(content: rest)
      taken += sent
      if sent == 0, !upstream.flush() || !upstream.isWritable { break }
    }
    bytesIn += UInt64(taken)
    isBlockedOnUpstream = taken < content.count
    if let route { arm(upstream, route.timeouts.firstByteMilliseconds) }
    return taken
  }

  /// The client has sent all content.
  func requestFinished() {
    if isOver { return }
    if route?.service.responder != nil { return respond() }
    guard let upstream else { return }
    if exchange.request.framing == .chunked {
      upstream.openOutput()
      HeadWriter.lastChunk(requestBody.trailers, into: &upstream.output)
    }
    isRequestSent = true
    upstream.push()
  }

  // MARK: The response

  /// The head of the final response has come.
  func upstreamResponded() {
    guard let client, let route, let upstream else { return }
    upstreamNanoseconds = worker.loop.now.since(upstreamStart)
    if exchange.response.status < 500 { pool?.succeeded(lastTarget) }
    arm(upstream, route.timeouts.idleMilliseconds)
    for policy in route.responsePolicies.indices {
      route.responsePolicies[policy].reviewResponse(exchange)
    }
    chooseFraming()
    writeHead(client)
  }

  private func chooseFraming() {
    responseFraming = exchange.response.framing
    if responseFraming == .chunked || responseFraming == .untilClose {
      responseFraming = parser.isVersion10 ? .untilClose : .chunked
    }
  }

  /// What the head says of the content's length: also of content that HEAD leaves out.
  private var announcedFraming: BodyFraming {
    guard responseFraming == .none,
      exchange.request.method == .head || exchange.response.status == 304,
      let count = Reply.contentLength(exchange.response.fields)
    else { return responseFraming }
    return .length(count)
  }

  private var closesAfter: Bool {
    !parser.keepsAlive || responseFraming == .untilClose || worker.isDraining
      || !requestBody.isFinished
  }

  private func writeHead(_ client: ClientConnection) {
    isHeadSent = true
    client.openOutput()
    let closes = closesAfter
    HeadWriter.response(
      exchange.response, reply: exchange.replyFields, framing: announcedFraming, closes: closes,
      keepAliveVersion10: parser.isVersion10 && !closes, into: &client.output)
  }

  /// Passes content to the client; returns how much it took.
  func deliver(_ content: Span<UInt8>) -> Int {
    guard let client else { return 0 }
    var taken = 0
    while taken < content.count {
      let rest = content.extracting(taken...)
      let sent = responseFraming == .chunked ? client.send(chunk: rest) : client.send(content: rest)
      taken += sent
      if sent == 0, !client.flush() || !client.isWritable { break }
    }
    bytesOut += UInt64(taken)
    isBlockedOnClient = taken < content.count
    if isBlockedOnClient {
      worker.loop.setDeadline(
        worker.loop.now.adding(milliseconds: plan.limits.sendTimeoutMilliseconds), of: client)
      if client.isBroken { worker.later(client) }
    }
    return taken
  }

  /// The upstream has no more for now: what there is goes out.
  func upstreamPaused() {
    guard let client, let route, let upstream else { return }
    client.flush()
    arm(upstream, route.timeouts.idleMilliseconds)
    if client.isBroken { worker.later(client) }
  }

  /// The client takes content again.
  func clientWritable() {
    if !isBlockedOnClient { return }
    isBlockedOnClient = false
    upstream?.receive()
  }

  /// The response is whole.
  func upstreamFinished(trailers: borrowing Fields) {
    upstream = nil
    guard let client else { return }
    if responseFraming == .chunked {
      client.openOutput()
      HeadWriter.lastChunk(trailers, into: &client.output)
    }
    over(closes: closesAfter, reason: "", fault: .none)
  }

  // MARK: Failures

  /// A try has failed: the next one, or the refusal.
  func upstreamFailed(_ fault: UpstreamFault) {
    upstream = nil
    if isOver { return }
    worker.metrics.upstreamFailed()
    if isHeadSent { return cut(fault) }
    if mayRetry(fault) {
      attempts += 1
      worker.metrics.upstreamRetried()
      exchange.response.clear()
      return forward()
    }
    failed(fault)
  }

  private func mayRetry(_ fault: UpstreamFault) -> Bool {
    guard let pool, bytesIn == 0 else { return false }
    if fault == .closedStale {
      return attempts < 3 && exchange.request.method.isIdempotent && !exchange.request.hasBody
    }
    guard attempts < pool.service.retries.count else { return false }
    let isUnsent = fault == .unreachable || fault == .unavailable
    guard isUnsent || (exchange.request.method.isIdempotent && !exchange.request.hasBody) else {
      return false
    }
    return pool.budget.withdraw(now: worker.loop.now)
  }

  private func failed(_ fault: UpstreamFault) {
    let problem: Problem =
      switch fault {
      case .timedOut: .upstreamTimeout
      case .unavailable: .upstreamUnavailable
      default: .badGateway
      }
    refuse(problem, fault.reason, closes: false, fault: .upstream)
  }

  /// The response cannot be completed: the client must notice, so the connection breaks.
  private func cut(_ fault: UpstreamFault) {
    guard let client else { return }
    record(reason: fault.reason, fault: .upstream)
    isOver = true
    client.flush()
    client.close()
  }

  /// The client went away before the response was whole.
  func clientGone() {
    if !isOver { record(reason: "client closed the connection", fault: .client) }
    abandon()
  }

  /// Gives up the upstream.
  func abandon() {
    isOver = true
    upstream?.abandon()
    upstream = nil
  }

  // MARK: Answers of the gateway's own

  private func deny(_ denial: Denial) {
    if denial.retryAfterSeconds > 0 {
      Reply.append(&exchange.replyFields, "retry-after", number: denial.retryAfterSeconds)
    }
    if let challenge = denial.challenge {
      exchange.replyFields.append(name: "www-authenticate", text: challenge)
    }
    refuse(denial.problem, "", closes: false, fault: .client)
  }

  /// Refuses the request with a problem document.
  func refuse(
    _ problem: Problem, _ reason: StaticString, closes: Bool, fault: Fault = .client
  ) {
    guard let client, !isOver else { return }
    upstream?.abandon()
    upstream = nil
    if isHeadSent { return cut(.cut) }
    exchange.problem = problem
    exchange.response.clear()
    exchange.response.status = problem.status
    exchange.response.fields.append(name: "content-type", text: "application/problem+json")
    var body = worker.scratch
    body.clear()
    Reply.write(problem, into: &body)
    answer(client, body: body.readable, closes: closes, reason: reason, fault: fault)
    worker.scratch = body
  }

  private func answer(_ status: Int) {
    guard let client else { return }
    exchange.response.clear()
    exchange.response.status = status
    let nothing = ByteBuffer()
    answer(client, body: nothing.readable, closes: false, reason: "", fault: .none)
  }

  private func collect(_ content: Span<UInt8>) -> Int {
    if collected.count + content.count > plan.limits.bodyBufferBytesMax {
      refuse(.contentTooLarge, "content longer than the buffer", closes: true)
      return content.count
    }
    for index in content.indices { collected.append(content[index]) }
    bytesIn += UInt64(content.count)
    return content.count
  }

  private func respond() {
    guard let client, let responder = route?.service.responder else { return }
    let response = responder.respond(to: Reply.serviceRequest(exchange, collected))
    exchange.response.clear()
    exchange.response.status = response.status
    for field in response.fields {
      exchange.response.fields.append(name: field.name.utf8.span, value: field.value.utf8.span)
    }
    answer(client, body: response.body.span, closes: false, reason: "", fault: .none)
  }

  private func answer(
    _ client: ClientConnection, body: Span<UInt8>, closes: Bool, reason: StaticString,
    fault: Fault
  ) {
    worker.appendDate(to: &exchange.replyFields)
    let hasNoBody = exchange.response.status == 204 || exchange.response.status == 304
    responseFraming = hasNoBody ? .none : .length(body.count)
    // Content that was not read leaves the connection in doubt: it closes (SMG-06).
    let ends =
      closes || !parser.keepsAlive || worker.isDraining
      || (exchange.request.hasBody && !requestBody.isFinished)
    client.openOutput()
    HeadWriter.response(
      exchange.response, reply: exchange.replyFields, framing: responseFraming, closes: ends,
      keepAliveVersion10: parser.isVersion10 && !ends, into: &client.output)
    if exchange.request.method != .head, !hasNoBody {
      client.output.append(body)
      bytesOut = UInt64(body.count)
    }
    isHeadSent = true
    over(closes: ends, reason: reason, fault: fault)
  }

  // MARK: The end

  private func over(closes: Bool, reason: StaticString, fault: Fault) {
    guard let client, !isOver else { return }
    isOver = true
    record(reason: reason, fault: fault)
    client.completed(closes: closes)
  }

  private func record(reason: StaticString, fault: Fault) {
    let duration = worker.loop.now.since(exchange.start)
    worker.metrics.finished(
      route: exchange.route, status: exchange.response.status, problem: exchange.problem,
      nanoseconds: duration, bytesIn: bytesIn, bytesOut: bytesOut)
    guard let log = worker.accessLog else { return }
    if !fullPath.isEmpty { exchange.request.path = fullPath }
    var entry = AccessRecord()
    entry.wallMilliseconds = exchange.wallMilliseconds
    entry.client = exchange.client
    entry.status = exchange.response.status
    entry.durationMicroseconds = duration / 1000
    entry.upstreamMicroseconds = upstreamNanoseconds / 1000
    entry.bytesIn = bytesIn
    entry.bytesOut = bytesOut
    entry.problem = exchange.problem
    entry.reason = reason
    entry.fault = fault
    entry.isVersion10 = parser.isVersion10
    if let session = client?.tls {
      entry.tlsVersion = session.version.name
      entry.tlsCipher = session.cipher.name
    }
    log.append(
      entry, request: exchange.request, requestID: exchange.requestID,
      consumer: exchange.consumer?.nameBytes ?? [], route: route?.name ?? [],
      service: route?.service.nameBytes ?? [],
      upstream: lastTarget >= 0 ? route?.service.targets[lastTarget].authority ?? [] : [])
  }
}
