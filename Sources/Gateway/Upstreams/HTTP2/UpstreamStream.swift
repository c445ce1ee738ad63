import Base
import HTTP
import Wire

/// One stream of an HTTP/2 connection to an upstream: the upstream's side of one exchange.
///
/// It holds what the client does not take yet of the response, whose room the upstream does not
/// get back before.
final class UpstreamStream {
  private unowned let streams: UpstreamStreams
  /// Its place in the connection; -1 while it waits for one.
  private(set) var slot = -1
  var forwarding: Forwarding?
  /// When what the upstream is to do next is due.
  var deadline = Instant.distantFuture
  /// Whether the upstream has said anything of the response.
  var isResponseStarted = false
  /// Whether exchanges were done on the connection before this one began.
  private(set) var isReused = false
  /// Whether something arrived in this round of events.
  var isTouched = false

  /// Content of the response that waits for the client, and whether it is the last.
  private var pending = ByteBuffer()
  private(set) var isWhole = false
  /// The response's trailers.
  private(set) var trailers = Fields()
  /// Content of the request that is still to come; -1 if that is not known.
  private var requestRemaining = -1
  private var isDelivering = false

  init(_ streams: UpstreamStreams) { self.streams = streams }

  /// Whether the request may be sent.
  var isOpen: Bool { slot >= 0 }

  var connection: UpstreamConnection { streams.connection }

  /// Content that waits for the client, in bytes.
  var pendingCount: Int { pending.count }

  /// Makes it ready for an exchange.
  func begin(_ forwarding: Forwarding, isReused: Bool) {
    self.forwarding = forwarding
    self.isReused = isReused
  }

  /// Takes its place in the connection.
  func open(slot: Int) { self.slot = slot }

  /// Forgets its place, which the connection has given up.
  func lostSlot() { slot = -1 }

  /// Lets go of what the last exchange left.
  func clear() {
    (slot, isWhole, isResponseStarted, isTouched) = (-1, false, false, false)
    (deadline, requestRemaining) = (.distantFuture, -1)
    if pending.capacity > 0 { streams.worker.blocks.give(pending.takeStorage()) }
    if !trailers.lines.isEmpty { trailers.clear() }
    forwarding = nil
  }

  // MARK: The request

  /// Sends the head of the request, whose content comes as `framing` says.
  func sendHead(_ request: borrowing RequestHead, authority: Span<UInt8>, framing: BodyFraming) {
    switch framing {
    case .none: requestRemaining = 0
    case .length(let count): requestRemaining = count
    case .chunked, .untilClose: requestRemaining = -1
    }
    streams.sendHead(slot, request, authority: authority, framing, ends: requestRemaining == 0)
  }

  /// Sends content of the request, as far as the upstream takes it; returns how much.
  func send(_ content: Span<UInt8>) -> Int {
    if !isOpen { return 0 }
    var sent = 0
    while sent < content.count {
      let count = streams.send(slot, content.extracting(sent...), upTo: requestRemaining)
      if count == 0 { break }
      sent += count
      if requestRemaining > 0 { requestRemaining -= count }
    }
    return sent
  }

  /// The request is whole.
  func end(_ trailers: borrowing Fields) {
    if isOpen { streams.end(slot, trailers) }
  }

  /// Sees to it that what was written goes out.
  func push() { streams.flushSoon() }

  // MARK: The response

  /// Keeps content that has arrived until it is delivered; `ends` if it is the last.
  func keep(_ content: Span<UInt8>, ends: Bool) {
    isWhole = ends
    if content.isEmpty { return }
    if pending.capacity == 0 { pending = ByteBuffer(reusing: streams.worker.blocks.take()) }
    pending.append(content)
  }

  /// The response is over, with trailers.
  func end(trailers: Fields) {
    isWhole = true
    self.trailers = trailers
  }

  /// The response has no content, and is over with its head.
  func endWithHead() { isWhole = true }

  /// Passes on what is there, as far as the client takes it.
  func deliver() {
    guard let forwarding, !isDelivering else { return }
    isDelivering = true
    var waiting = ByteBuffer()
    swap(&waiting, &pending)
    let before = waiting.count
    let step = forwarding.receiveContent(&waiting, self)
    let taken = before - waiting.count
    isDelivering = false
    // The exchange may have ended on the way: nobody wants the rest.
    if self.forwarding !== forwarding {
      if waiting.capacity > 0 { streams.worker.blocks.give(waiting.takeStorage()) }
      return streams.discard(before)
    }
    if waiting.isEmpty, waiting.capacity > 0 { streams.worker.blocks.give(waiting.takeStorage()) }
    if waiting.capacity >= BlockPool.blockBytes, waiting.count < BlockPool.blockBytes / 2 {
      // What a slow client leaves is kept in as little room as it needs.
      var rest = ByteBuffer(capacity: waiting.count)
      rest.append(waiting.readable)
      streams.worker.blocks.give(waiting.takeStorage())
      swap(&rest, &waiting)
    }
    swap(&waiting, &pending)
    streams.credit(self, taken)
    switch step {
    case .needMore, .blocked, .over: break
    case .finished, .refused: finish(forwarding)
    case .fault(let fault): streams.lose(self, fault)
    }
  }

  /// The exchange needs the stream no more.
  private func finish(_ forwarding: Forwarding) {
    streams.remove(self)
    forwarding.upstreamFinished()
  }

  /// Gives the exchange up, from its side.
  func abandon() { if forwarding != nil { streams.remove(self) } }
}
