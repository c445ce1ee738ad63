import Base
import HTTP
import PolicyKit
import Telemetry
import Wire

/// One stream of a client's HTTP/2 connection: the client's side of one exchange.
///
/// It holds what could not be passed on yet: content of the request that the upstream does not
/// take, whose room the client does not get back before; and the rest of an answer of our own.
final class ClientStream {
  private unowned let streams: ClientStreams
  private(set) var slot = 0
  var forwarding: Forwarding?

  /// Content of the request that waits, and whether it is the last.
  private var pending = ByteBuffer()
  private var isContentWhole = false
  private var hasEnded = false
  /// The request's trailers.
  private(set) var trailers = Fields()
  /// An answer of our own that is not sent yet.
  private var answer: [UInt8] = []
  private var answerSent = 0
  /// Until when somebody has to say something, if it is a WebSocket.
  private var tunnelUntil = Instant.distantFuture
  /// Content of the response that is still to come; -1 if that is not known.
  private var responseRemaining = -1

  /// What had gone in and out when it was looked at last; nil before the first time.
  private var marks: (received: UInt64, sent: UInt64)?

  init(_ streams: ClientStreams) { self.streams = streams }

  /// Makes it ready for a request whose head is there.
  func begin(slot: Int, isContentWhole: Bool) {
    self.slot = slot
    self.isContentWhole = isContentWhole
    hasEnded = isContentWhole
  }

  /// Lets go of what the last exchange left.
  func clear() {
    if pending.capacity > 0 { pending = ByteBuffer() }
    if !trailers.lines.isEmpty { trailers.clear() }
    if !answer.isEmpty { answer = [] }
    answerSent = 0
    marks = nil
    tunnelUntil = .distantFuture
  }

  /// Whether all of the request has come.
  var isRequestWhole: Bool { isContentWhole }

  /// Whether nothing of an answer that is there whole waits.
  var isAnswerSent: Bool { answer.isEmpty }

  /// Content that waits for the upstream, in bytes.
  var pendingCount: Int { pending.count }

  // MARK: The request

  /// Takes content that has arrived; `ends` if it is the last.
  func receive(_ content: Span<UInt8>, ends: Bool) {
    isContentWhole = ends
    guard let forwarding, !forwarding.isOver else { return streams.credit(self, content.count) }
    if forwarding.tunnel != nil {
      pending.append(content)
      return passTunnel(forwarding)
    }
    let taken = pending.isEmpty ? forwarding.receiveContent(content) : 0
    if taken > 0 { streams.credit(self, taken) }
    if taken < content.count { pending.append(content.extracting(taken...)) }
    endIfWhole(forwarding)
  }

  /// The request is over, with trailers.
  func receive(trailers: Fields) {
    isContentWhole = true
    self.trailers = trailers
    if let forwarding { endIfWhole(forwarding) }
  }

  /// The upstream takes content again.
  func resume() {
    guard let forwarding else { return }
    if forwarding.tunnel != nil { return passTunnel(forwarding) }
    if !pending.isEmpty {
      var waiting = ByteBuffer()
      swap(&waiting, &pending)
      let taken = forwarding.receiveContent(waiting.readable)
      waiting.consume(taken)
      swap(&waiting, &pending)
      streams.credit(self, taken)
    }
    endIfWhole(forwarding)
  }

  private func endIfWhole(_ forwarding: Forwarding) {
    if isContentWhole, pending.isEmpty, !hasEnded, !forwarding.isOver, forwarding.ticket == 0 {
      hasEnded = true
      forwarding.contentEnded()
    }
    forwarding.push()
    forwarding.conclude()
  }

  // MARK: A WebSocket

  /// The exchange has become a WebSocket; what the client said too early is read now.
  func beginTunnel() { streams.later(self) }

  /// Passes on what the client says.
  private func passTunnel(_ forwarding: Forwarding) {
    var waiting = ByteBuffer()
    swap(&waiting, &pending)
    let before = waiting.count
    _ = forwarding.tunnelUp(&waiting)
    let taken = before - waiting.count
    if self.forwarding === forwarding, !forwarding.isOver {
      swap(&waiting, &pending)
      streams.credit(self, taken)
      if isContentWhole, pending.isEmpty { return forwarding.clientEndedTunnel() }
    } else {
      streams.credit(self, before)
    }
    forwarding.push()
    forwarding.conclude()
  }

  /// Notes that something was said.
  func keepTunnel(until moment: Instant) { tunnelUntil = moment }

  /// Whether nothing was said for too long.
  func isTunnelIdle(now: Instant) -> Bool { now >= tunnelUntil }

  /// Says goodbye to both sides, if it is a WebSocket.
  func endTunnel(_ reason: StaticString, _ fault: Fault) {
    if forwarding?.tunnel != nil { forwarding?.endTunnel(1001, reason, fault) }
  }

  // MARK: The response

  /// How much of the response is worth reading at once: what the client does not take would be
  /// held here, for each of its streams.
  var appetite: Int { answer.isEmpty ? streams.appetite(slot) : ClientStreams.appetiteMin }

  /// Sends the head of the response.
  func sendHead(_ turn: borrowing Turn, framing: BodyFraming, hasContent: Bool) {
    var length: Int?
    if case .length(let count) = framing { length = count }
    responseRemaining = hasContent ? length ?? -1 : 0
    // That there is none, the end of the stream says already, but in an answer to HEAD.
    if length == 0, turn.exchange.request.method != .head { length = nil }
    streams.sendHead(slot, turn, length: length, ends: responseRemaining == 0)
  }

  /// Says that the client may send the content that it asked about.
  func sendContinue() { streams.sendContinue(slot) }

  /// Sends content of the response, as far as the client takes it; returns how much.
  func send(_ content: Span<UInt8>) -> Int {
    answer.isEmpty ? sendAll(content) : 0
  }

  private func sendAll(_ content: Span<UInt8>) -> Int {
    var sent = 0
    while sent < content.count {
      let count = streams.send(
        slot, content.extracting(sent...), upTo: responseRemaining)
      if count == 0 { break }
      sent += count
      if responseRemaining > 0 { responseRemaining -= count }
    }
    return sent
  }

  /// Sends content that is there whole, all of it in time; what comes later waits for it.
  func send(answer content: Span<UInt8>) {
    let sent = send(content)
    if sent == content.count { return }
    for index in sent..<content.count { answer.append(content[index]) }
    answerSent = 0
  }

  /// The response is whole.
  func end(_ trailers: borrowing Fields) { streams.end(slot, trailers) }

  /// More may be sent.
  func clientWritable() {
    if !answer.isEmpty {
      answerSent += sendAll(answer.span.extracting(answerSent...))
      if answerSent < answer.count { return }
      answer = []
      if forwarding == nil { return streams.finish(self, .keep) }
    }
    forwarding?.clientWritable()
  }

  /// The exchange is over.
  func completed(_ ending: Forwarding.Ending) {
    if let done = forwarding {
      forwarding = nil
      streams.worker.give(done)
    }
    // What is left of the answer goes out first.
    if answer.isEmpty || ending == .cut { streams.finish(self, ending) }
  }

  // MARK: Deadlines

  /// Why the client is too slow, if it is: it took or sent less than `wanted` bytes since it was
  /// looked at last. `underway` is what has come of a frame that is not whole.
  func slowness(wanted: UInt64, underway: Int) -> Slowness? {
    guard let forwarding else { return nil }
    let received = forwarding.bytesIn + UInt64(underway)
    let sent = forwarding.bytesOut
    defer { marks = (received, sent) }
    guard let marks else { return nil }
    if forwarding.isBlockedOnClient { return sent - marks.sent < max(1, wanted) ? .taking : nil }
    // A WebSocket, or one that is being asked for, may be silent for a while.
    if isContentWhole || !pending.isEmpty || forwarding.requestFraming == .none { return nil }
    return received < marks.received + max(1, wanted) ? .sending : nil
  }

  /// What a client is too slow at.
  enum Slowness { case sending, taking }
}
