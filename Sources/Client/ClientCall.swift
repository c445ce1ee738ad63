import Base
import HTTP
import Runtime
import Wire

/// One request by HTTP/2, on a connection of its own.
final class ClientCall {
  private var machine = HTTP2Connection(
    limits: HTTP2Limits(upstream: Limits(), streamsMax: 1), isClient: true)
  private let request: ClientRequest
  private let method: Method
  private var slot: Int?
  private var bodySent = 0
  private var interimCount = 0
  private(set) var head = ResponseHead()
  private(set) var isHeadRead = false
  private(set) var body: [UInt8] = []
  /// The trailers, once the response is complete.
  private(set) var trailers = Fields()

  init(_ request: ClientRequest, _ method: Method) {
    self.request = request
    self.method = method
  }

  /// Says what this side allows; the request follows once the server has done so.
  func begin(into output: inout ByteBuffer) { machine.begin(&output) }

  /// Takes what came, and says what is to be said to it; true when the response is complete.
  func receive(
    _ input: inout ByteBuffer, _ output: inout ByteBuffer
  ) throws(ClientError) -> Bool {
    while true {
      switch machine.next(&input, &output, now: Clock.monotonic) {
      case .needMore: return false
      case .room: send(&output)
      case .head(let slot): if try takeHead(slot, input.readable) { return true }
      case .content(let slot, let range, let ends):
        guard body.count + range.count <= request.limits.bodyBytesMax else {
          throw .tooLarge(bytesMax: request.limits.bodyBytesMax)
        }
        for index in range { body.append(input.readable[index]) }
        machine.credit(slot, range.count, &output)
        if ends { return true }
      case .trailers:
        trailers = machine.trailers
        return true
      case .reset: throw .cut
      case .leaves: if !machine.takeUnserved().isEmpty { throw .cut }
      case .streamFailed(_, let reason), .failed(let reason): throw .malformed("\(reason)")
      }
    }
  }

  private func send(_ output: inout ByteBuffer) {
    if slot == nil, let opened = machine.openStream() {
      slot = opened
      let (head, authority) = (request.head, request.host ?? request.origin.authority)
      let framing: BodyFraming = request.body.map { .length($0.count) } ?? .none
      machine.sendRequest(
        opened, head, authority: authority.utf8.span, isSecure: request.origin.isSecure,
        framing: framing, ends: request.body?.isEmpty ?? true, into: &output)
    }
    guard let slot, let content = request.body else { return }
    while bodySent < content.count {
      let count = min(machine.room(slot), content.count - bodySent)
      if count == 0 { return }
      bodySent += count
      machine.sendContent(
        slot, content.span.extracting(bodySent - count..<bodySent),
        ends: bodySent == content.count, into: &output)
    }
  }

  private func takeHead(_ slot: Int, _ input: Span<UInt8>) throws(ClientError) -> Bool {
    head.clear()
    switch machine.readResponse(slot: slot, method: method, input, into: &head) {
    case .complete:
      isHeadRead = true
      return machine.isResponseWhole(slot)
    case .interim:
      interimCount += 1
      if interimCount > Limits().interimResponseCountMax {
        throw .malformed("too many interim heads")
      }
      return false
    case .malformed(let reason), .failed(let reason): throw .malformed("\(reason)")
    }
  }
}
