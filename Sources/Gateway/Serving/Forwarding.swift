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
/// The objects are reused, so that an exchange in the steady state allocates nothing. Whoever
/// lets it deal with an event calls `conclude` after it has put its own state in order.
final class Forwarding {
  /// How the exchange ends for the client's connection.
  enum Ending { case none, keep, close, cut }

  let worker: Worker
  // Of the worker's, and kept here as well: what is read through two objects is counted each time.
  let loop: EventLoop
  let metrics: LoopMetrics
  var client: ClientConnection?
  /// The client's side, if it is a stream and not all of the connection.
  var stream: ClientStream?
  var upstream: UpstreamConnection?
  /// The upstream's side, if it is a stream and not all of a connection.
  var upstreamStream: UpstreamStream?
  var pool: ServicePool?
  /// What the choice of an upstream hangs on, where it does.
  var balanceKey: UInt64 = 0
  /// Whether it counts among those under way, for the route and for the service.
  private var isInsideRoute = false
  private var isInsideService = false
  var route: PlanRoute?
  var plan: Plan

  /// Bytes of content that came from the client, and that went to it.
  var bytesIn: UInt64 = 0
  var bytesOut: UInt64 = 0
  /// Whether content waits for the upstream, or for the client.
  var isBlockedOnUpstream = false
  var isBlockedOnClient = false
  /// Whether the whole request went to the upstream, so that its connection is clean.
  var isRequestSent = false
  /// Whether any byte of the request's head was read.
  private(set) var hasStarted = false
  /// What of the messages is asked for while the turn is away.
  var requestFraming = BodyFraming.none
  var responseFraming = BodyFraming.none
  var upstreamFraming = BodyFraming.none
  var upstreamKeepsAlive = false

  var attempts = 0
  var tried: UInt64 = 0
  var lastTarget = -1
  var interimCount = 0
  var isHeadRead = false
  var isHeadSent = false
  var isOver = false
  var needsPush = false
  var ending = Ending.none
  var bodyBytesMax = Int.max
  var upstreamStart = Instant(nanoseconds: 0)
  var upstreamNanoseconds: UInt64 = 0
  /// Content that is kept: for a responder of our own, or until the policies have seen it.
  var collected: [UInt8] = []
  /// Whether content is kept for the policies, and how much of it the upstream has.
  var isHolding = false
  var heldSent = 0
  /// How content of the response is kept for the policies, and what there is of it.
  var responseHold = ResponseHold.none
  var heldResponse: [UInt8] = []
  var wholeDeadline = Instant.distantFuture
  /// Until when the caller of gRPC waits, if that is what bounds the exchange.
  var callDeadline = Instant.distantFuture
  /// The call of gRPC-Web that is passed on as one of gRPC.
  var webCall: GRPCWebCall?
  /// The policy that refused; empty if none did.
  var refusingPolicy: [UInt8] = []
  /// By what the worker knows the exchange while it waits for a fact; 0 while it does not.
  var ticket: UInt64 = 0
  /// How many policies have let the head through, and the content.
  var reviewedCount = 0
  var inspectedCount = 0
  /// By what a responder's answer finds its way back; 0 while none is awaited.
  var answerTicket: UInt64 = 0

  /// What the upstream has to answer to, if the handshake is our own.
  var tunnelKey: WebSocketKey?
  /// The WebSocket that the exchange has become.
  var tunnel: WebSocketTunnel?
  /// How it stands to the cache of its route; nil if that has none.
  var caching: CacheTurn?
  /// How many of the request's fields are the client's own; those behind them are policies'.
  private(set) var clientFieldCount = 0
  /// What the content of the response is encoded by.
  var encoding: ResponseEncoding?
  /// Content that the kernel moves.
  var download: SpliceTransfer?
  var upload: SpliceTransfer?

  private var box: TurnBox?
  private var isCleared = true

  init(worker: Worker) {
    self.worker = worker
    loop = worker.loop
    metrics = worker.metrics
    plan = worker.plan
    box = TurnBox(limits: plan.limits)
  }

  /// Makes the object ready for a client's next request.
  func prepare(_ client: ClientConnection) {
    self.client = client
    if plan !== worker.plan {
      plan = worker.plan
      box = TurnBox(limits: plan.limits)
    }
    isCleared = false
    (bytesIn, bytesOut, attempts, tried, lastTarget) = (0, 0, 0, 0, -1)
    (isBlockedOnUpstream, isBlockedOnClient, isRequestSent) = (false, false, false)
    (isHeadRead, isHeadSent, isOver, upstreamNanoseconds) = (false, false, false, 0)
    (hasStarted, needsPush, ending, bodyBytesMax, isHolding) = (false, false, .none, .max, false)
    (wholeDeadline, callDeadline, responseHold) = (.distantFuture, .distantFuture, .none)
    (reviewedCount, inspectedCount) = (0, 0)
    if !refusingPolicy.isEmpty { refusingPolicy = [] }
    route = nil
    pool = nil
  }

  /// Lets go of what an idle object must not keep alive.
  func release() {
    unpark()
    if answerTicket != 0 {
      worker.forget(ticket: answerTicket)
      answerTicket = 0
    }
    client = nil
    if stream != nil { stream = nil }
    upstream = nil
    if upstreamStream != nil { upstreamStream = nil }
    if isInsideRoute || isInsideService { leave() }
    withTurn(()) { $0.exchange.releaseHolds() }
    pool = nil
    route = nil
    dropCollected()
    dropHeldResponse()
    if tunnel != nil { tunnel = nil }
    if tunnelKey != nil { tunnelKey = nil }
    if webCall != nil { webCall = nil }
    if encoding != nil { endEncoding() }
    if caching != nil { endCaching() }
    if download != nil { endDownload() }
    if upload != nil { endUpload() }
  }

  private func endEncoding() {
    var ended: ResponseEncoding?
    swap(&ended, &encoding)
    if let ended { worker.giveEncoder(ended.encoder) }
  }

  /// Lets `body` have the turn; nothing in it may call back into this object from outside, and
  /// would find no turn if it did.
  @inline(__always)
  func withTurn<Result>(_ otherwise: Result, _ body: (inout Turn) -> Result) -> Result {
    var taken: TurnBox?
    swap(&taken, &box)
    guard let held = taken else { return otherwise }
    let result = body(&held.turn)
    swap(&taken, &box)
    return result
  }

  /// Does what an event left to be done once everyone's state is in order: sends what a retry
  /// left, and tells the client's connection how the exchange ended.
  func conclude() {
    if needsPush {
      needsPush = false
      push()
    }
    let ending = self.ending
    if ending == .none { return }
    self.ending = .none
    if let stream { return stream.completed(ending) }
    guard let client else { return }
    if ending == .cut {
      client.flush()
      client.close()
    } else {
      client.completed(closes: ending == .close)
    }
  }

  // MARK: The request

  /// Reads the head of the request; once it is complete, routes it, asks the policies, and begins
  /// to forward.
  func receive(_ input: inout ByteBuffer, _ client: ClientConnection) -> HeadStep {
    withTurn(.refused) { turn in
      if !isCleared {
        turn.clear()
        isCleared = true
      }
      return readHead(&input, &turn, client)
    }
  }

  /// Clears what the last exchange left, for one whose request is read elsewhere.
  func makeReady(_ turn: inout Turn) {
    turn.clear()
    isCleared = true
    hasStarted = true
  }

  private func readHead(
    _ input: inout ByteBuffer, _ turn: inout Turn, _ client: ClientConnection
  ) -> HeadStep {
    switch turn.requestParser.parse(&input, into: &turn.exchange.request) {
    case .incomplete:
      if !hasStarted, turn.requestParser.hasStarted {
        hasStarted = true
        start(&turn, client)
      }
      return .incomplete
    case .refused(let problem, let reason):
      hasStarted = true
      start(&turn, client)
      refuse(&turn, problem, reason, closes: true)
      return .refused
    case .complete:
      hasStarted = true
      // All of it is in the arena: the block serves again, while it is in the processor's cache.
      client.giveBack(&input)
      begin(&turn, client)
      return .complete(hasBody: turn.exchange.request.hasBody)
    }
  }

  /// Notes when and from whom the request came.
  func start(_ turn: inout Turn, _ client: ClientConnection) {
    turn.exchange.start = loop.now
    turn.exchange.wallMilliseconds = loop.wallMilliseconds
    turn.exchange.client = client.address
    turn.exchange.isSecure = client.isSecure
    if turn.exchange.live !== worker.live { turn.exchange.live = worker.live }
    if client.isSecure { turn.exchange.peer = client.peer }
  }

  func begin(_ turn: inout Turn, _ client: ClientConnection) {
    start(&turn, client)
    requestFraming = turn.exchange.request.framing
    if stream == nil { turn.requestBody.begin(requestFraming) }
    clientFieldCount = turn.exchange.request.fields.lines.count
    ForwardedFields.cleanse(&turn.exchange, client)
    if let session = client.tls, isMisdirected(turn.exchange.request, session) {
      return refuse(&turn, .misdirectedRequest, "host is not the TLS server name", closes: false)
    }
    if turn.exchange.request.scheme != .unnamed,
      SchemeRule.isMisdirected(
        turn.exchange.request.scheme, isSecure: client.isSecure, from: client.address,
        hops: client.listener.settings.trustedHops)
    {
      return refuse(
        &turn, .misdirectedRequest, "scheme is not what is spoken here", closes: false)
    }
    if client.listener.settings.redirect != nil { return redirect(&turn, client) }
    guard let found = client.listener.settings.admin ?? match(&turn) else { return }
    route = found
    turn.exchange.route = found.index
    if found.codingPolicy != nil {
      turn.exchange.acceptedCodings = AcceptedCodings(of: turn.exchange.request.fields)
    }
    review(&turn, client, found)
  }

  /// All policies have let the head through: content is looked at, or the request goes on.
  func admit(_ turn: inout Turn, _ client: ClientConnection, _ found: PlanRoute) {
    if turn.exchange.request.isWebSocket, stream != nil, !wantsTunnel(turn, found) {
      return refuse(&turn, .methodNotSupported, "no WebSockets at the service", closes: false)
    }
    bodyBytesMax = turn.exchange.bodyBytesMax
    isHolding =
      (!found.bodyPolicies.isEmpty && holdsContent(turn, found)) || holdsText(turn, found)
    if isHolding { bodyBytesMax = min(bodyBytesMax, plan.limits.bodyBufferBytesMax) }
    if case .length(let count) = requestFraming, count > bodyBytesMax {
      return refuse(&turn, .contentTooLarge, "content longer than the route allows", closes: true)
    }
    if turn.exchange.request.expectsContinue {
      sendContinue(client)
    }
    if isHolding { return }
    if !found.bodyPolicies.isEmpty, !turn.exchange.request.hasBody, !inspect(&turn, found) {
      return
    }
    if found.service.responder != nil {
      if !turn.exchange.request.hasBody { respond(&turn) }
      return
    }
    goUpstream(&turn, client, found)
  }

  /// Makes the request what the upstream gets, and sends it.
  func goUpstream(_ turn: inout Turn, _ client: ClientConnection, _ found: PlanRoute) {
    if let policy = found.cachingPolicy, answersFromCache(&turn, client, found, policy) { return }
    if turn.exchange.request.isWebSocket { prepareTunnel(&turn, found) }
    ForwardedFields.add(&turn.exchange, client, version(turn))
    turn.exchange.fullPath = turn.exchange.request.path
    if found.stripCount > 0 { strip(&turn.exchange.request, found.stripCount) }
    if found.timeouts.wholeMilliseconds > 0 {
      wholeDeadline = loop.now.adding(milliseconds: found.timeouts.wholeMilliseconds)
    }
    if turn.exchange.request.method == .post, !bindDeadline(&turn) { return }
    if found.service.takesGRPCWeb, !translateCall(&turn) { return }
    let pool = worker.pool(found.service, of: plan)
    self.pool = pool
    pool.deposit()
    guard enter(pool, found) else {
      Reply.append(&turn.exchange.replyFields, "retry-after", number: 1)
      return refuse(&turn, .overloaded, "enough requests are under way", closes: false)
    }
    if pool.needsKey { balanceKey = BalanceKey.of(turn.exchange, pool.service.hashKey) }
    forward(&turn, pool, found)
  }

  /// Counts it among those under way; false if there are enough of them.
  private func enter(_ pool: ServicePool, _ found: PlanRoute) -> Bool {
    if let gate = found.gate {
      guard gate.enter() else { return false }
      isInsideRoute = true
    }
    guard pool.isBounded else { return true }
    isInsideService = pool.enter(now: loop.now)
    return isInsideService
  }

  private func leave() {
    if isInsideRoute { route?.gate?.leave() }
    if isInsideService { pool?.leave() }
    (isInsideRoute, isInsideService) = (false, false)
  }

  private func isMisdirected(_ request: borrowing RequestHead, _ session: TLSSession) -> Bool {
    !request.host.isEmpty && !session.mayServe(host: request.fields[request.host])
  }

  /// Takes the prefix away: what is left starts with one `/`, whatever it was (NRM-09).
  private func strip(_ request: inout RequestHead, _ count: Int) {
    let path = request.path
    let rest = Int(path.count) - count
    request.path =
      rest > 0 ? Slice(offset: Int(path.offset) + count, count: rest) : request.fields.store("/")
  }

  private func match(_ turn: inout Turn) -> PlanRoute? {
    switch plan.router.match(turn.exchange.request) {
    case .route(let index): return plan.routes[index]
    case .notFound: refuse(&turn, .notFound, "no route", closes: false)
    case .methodNotAllowed:
      for method in plan.router.allowedMethods(for: turn.exchange.request) {
        turn.exchange.replyFields.append(name: "allow", value: method.utf8.span)
      }
      refuse(&turn, .methodNotAllowed, "no route takes the method", closes: false)
    case .malformedPath: refuse(&turn, .malformedRequest, "ambiguous path", closes: true)
    }
    return nil
  }

  /// Reads content of the request and passes it on.
  func receiveBody(_ input: inout ByteBuffer) -> ReadStep {
    withTurn(.over) { receiveBody(&input, &$0) }
  }

  private func receiveBody(_ input: inout ByteBuffer, _ turn: inout Turn) -> ReadStep {
    while !isOver {
      if ticket != 0 {
        isBlockedOnUpstream = true
        return .blocked
      }
      switch turn.requestBody.next(&input) {
      case .content(let count):
        let taken = take(input.readable.extracting(first: count), &turn)
        if taken > 0 { turn.requestBody.took(taken, from: &input) }
        if taken < count { return .blocked }
      case .needMore:
        if let client { spliceRest(ofRequest: turn, client) }
        return .needMore
      case .end:
        requestFinished(&turn)
        return .finished
      case .refused(let problem, let reason):
        refuse(&turn, problem, reason, closes: true)
      }
    }
    return .over
  }

  /// Takes content from the client; returns how much.
  func take(_ content: Span<UInt8>, _ turn: inout Turn) -> Int {
    if bytesIn + UInt64(content.count) > UInt64(bodyBytesMax) {
      refuse(&turn, .contentTooLarge, "content longer than the route allows", closes: true)
      return content.count
    }
    guard let route else { return content.count }
    if isHolding || route.service.responder != nil { return collect(content, &turn) }
    if let upstreamStream { return send(content, to: upstreamStream, route) }
    guard let upstream, upstream.isConnected else {
      isBlockedOnUpstream = true
      return 0
    }
    var taken = 0
    while taken < content.count {
      let rest = content.extracting(taken...)
      let sent =
        requestFraming == .chunked ? upstream.send(chunk: rest) : upstream.send(content: rest)
      taken += sent
      if sent == 0, !upstream.flush() || !upstream.isWritable { break }
    }
    bytesIn += UInt64(taken)
    isBlockedOnUpstream = taken < content.count
    arm(upstream, route.timeouts.firstByteMilliseconds)
    return taken
  }

  /// The client has sent all content; what waits goes out when its connection has been read.
  func requestFinished(_ turn: inout Turn) {
    if isHolding { return release(&turn) }
    if route?.service.responder != nil { return respond(&turn) }
    if let upstreamStream {
      if let stream {
        upstreamStream.end(stream.trailers)
      } else {
        upstreamStream.end(turn.requestBody.trailers)
      }
      isRequestSent = true
      return
    }
    guard let upstream else { return }
    if requestFraming == .chunked {
      if let stream {
        upstream.write { HeadWriter.lastChunk(stream.trailers, into: &$0) }
      } else {
        upstream.write { HeadWriter.lastChunk(turn.requestBody.trailers, into: &$0) }
      }
    }
    isRequestSent = true
  }

  /// The client takes content again.
  func clientWritable() {
    if !isBlockedOnClient { return }
    isBlockedOnClient = false
    if let caching, caching.content != nil, encoding?.isEnding != true {
      return resumeKept(caching)
    }
    if let encoding, !resumeEncoding(encoding) { return }
    if let upstreamStream { upstreamStream.deliver() } else { upstream?.receive() }
  }

  /// The client went away before the response was whole.
  func clientGone(_ reason: StaticString, _ fault: Fault) {
    if hasStarted, !isOver { withTurn(()) { record(&$0, reason: reason, fault: fault) } }
    abandon()
  }

  /// Gives up the upstream.
  func abandon() {
    unpark()
    isOver = true
    ending = .none
    abandonUpstream()
  }

  /// Lets the upstream know that nobody wants its response any more.
  func abandonUpstream() {
    upstream?.abandon()
    upstream = nil
    if let stream = upstreamStream {
      upstreamStream = nil
      stream.abandon()
    }
  }

  /// Forgets the upstream's side, which ends by itself.
  func letUpstreamGo() {
    upstream = nil
    if upstreamStream != nil { upstreamStream = nil }
  }

  /// Refuses the request with a problem document.
  func refuse(_ problem: Problem, _ reason: StaticString, closes: Bool) {
    withTurn(()) { refuse(&$0, problem, reason, closes: closes) }
    conclude()
  }

  // MARK: The response

  /// Reads the upstream's response and passes it on.
  func receiveResponse(_ input: inout ByteBuffer, _ upstream: UpstreamConnection) -> ReadStep {
    guard let client else { return .over }
    return withTurn(.over) { turn in
      if !isHeadRead {
        let step = receiveHead(&input, &turn, client, upstream)
        if !isHeadRead || isOver { return step }
      }
      if tunnel != nil { return tunnelDown(&input, &turn, client) }
      return pump(&input, &turn, client)
    }
  }

  /// The upstream has ended a response that ends so.
  func upstreamClosed() {
    guard let client else { return }
    withTurn(()) { finish(&$0, client) }
  }

  /// The next try, or the refusal, after one has failed.
  func upstreamFailed(_ fault: UpstreamFault) {
    letUpstreamGo()
    if isOver { return }
    withTurn(()) { tryFailed(&$0, fault) }
    conclude()
  }
}
