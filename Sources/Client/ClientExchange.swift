import Base
import HTTP
import Runtime
import Wire

/// One request on its way, and what has come of its response.
final class ClientExchange {
  let request: ClientRequest
  let began = Clock.monotonic
  private let continuation: CheckedContinuation<Result<ClientResponse, ClientError>, Never>
  private let method: Method
  private var parser = ResponseParser(limits: Limits())
  private var decoder = BodyDecoder(limits: Limits(), isRequest: false)
  private var head = ResponseHead()
  private var body: [UInt8] = []
  private var interimCount = 0
  private var sent = Instant(nanoseconds: 0)
  private(set) var isHeadRead = false
  /// The exchange, if HTTP/2 is spoken.
  private let call: ClientCall?
  /// Whether the exchange was begun anew after a stale connection.
  var isRetry = false

  init(
    _ request: ClientRequest,
    _ continuation: CheckedContinuation<Result<ClientResponse, ClientError>, Never>
  ) {
    self.request = request
    self.continuation = continuation
    method = Method(request.method.utf8.span)
    call = request.speaksHTTP2 ? ClientCall(request, method) : nil
  }

  var mayRepeat: Bool { (request.isRepeatable ?? method.isIdempotent) && !isRetry }

  /// Whether the connection may be used again, once the response is complete.
  var keepsAlive: Bool { call == nil && parser.keepsAlive && head.framing != .untilClose }

  /// Whether the end of the connection ends the response.
  var endsByClose: Bool { isHeadRead && head.framing == .untilClose }

  /// When to give up waiting for what comes next.
  var deadline: Instant {
    let whole = began.adding(milliseconds: request.limits.wholeMilliseconds)
    if sent.nanoseconds == 0 {
      return min(whole, began.adding(milliseconds: request.limits.connectMilliseconds))
    }
    if isHeadRead { return whole }
    return min(whole, sent.adding(milliseconds: request.limits.answerMilliseconds))
  }

  /// What was being waited for.
  var phase: ClientPhase { sent.nanoseconds == 0 ? .connect : isHeadRead ? .finish : .answer }

  /// Writes the whole request.
  func write(into output: inout ByteBuffer) {
    sent = Clock.monotonic
    if let call { return call.begin(into: &output) }
    let (head, content) = (request.head, request.body)
    let host = request.host ?? request.origin.authority
    let hasContent = method == .post || method == .put || method == .patch
    let framing: BodyFraming =
      content.map { .length($0.count) } ?? (hasContent ? .length(0) : .none)
    HeadWriter.request(head, host: host.utf8.span, framing: framing, into: &output)
    if let content { output.append(content.span) }
  }

  /// Takes what came, and says what is to be said to it; true when the response is complete.
  func receive(
    _ input: inout ByteBuffer, _ output: inout ByteBuffer
  ) throws(ClientError) -> Bool {
    if let call {
      defer { isHeadRead = call.isHeadRead }
      return try call.receive(&input, &output)
    }
    while !isHeadRead {
      switch parser.parse(&input, into: &head, method: method) {
      case .incomplete: return false
      case .refused(_, let reason): throw .malformed("\(reason)")
      case .complete: try headRead()
      }
    }
    while true {
      switch decoder.next(&input) {
      case .needMore: return false
      case .end: return true
      case .refused(_, let reason): throw .malformed("\(reason)")
      case .content(let count):
        guard body.count + count <= request.limits.bodyBytesMax else {
          throw .tooLarge(bytesMax: request.limits.bodyBytesMax)
        }
        let start = input.readIndex
        body.append(contentsOf: input.storage[start..<start + count])
        decoder.took(count, from: &input)
      }
    }
  }

  private func headRead() throws(ClientError) {
    if !head.isInterim {
      decoder.begin(head.framing)
      isHeadRead = true
      return
    }
    interimCount += 1
    if interimCount > Limits().interimResponseCountMax {
      throw .malformed("too many interim heads")
    }
    head.clear()
    parser.reset()
  }

  /// The connection stands, and nothing more was asked for.
  func connected() {
    sent = began
    succeed()
  }

  func succeed() {
    let (head, body) = (call?.head ?? head, call?.body ?? body)
    let response = ClientResponse(
      status: head.status, fields: ClientExchange.list(head.fields), body: body,
      elapsedNanoseconds: Clock.monotonic.since(sent),
      trailers: ClientExchange.list(call?.trailers ?? Fields()))
    continuation.resume(returning: .success(response))
  }

  private static func list(_ fields: Fields) -> [(name: String, value: String)] {
    var listed: [(name: String, value: String)] = []
    for line in fields.lines where !line.name.isEmpty {
      listed.append((fields.text(line.name), fields.text(line.value)))
    }
    return listed
  }

  func fail(_ error: ClientError) { continuation.resume(returning: .failure(error)) }

  /// The same request, to be sent on another connection.
  func again() -> ClientExchange {
    let other = ClientExchange(request, continuation)
    other.isRetry = true
    return other
  }
}
