import Base
import Formats
import HTTP
import PolicyKit
import Telemetry

/// Responses whose content is encoded on its way to the client.
extension Forwarding {
  /// Content goes through the encoder in pieces of this size, so that little waits behind it.
  private static let pieceBytes = 16 * 1024

  /// Asks the policy, and writes into the head what becomes of the content; nil if that stays as it
  /// is, or there is none.
  private func chooseCoding(_ turn: inout Turn, _ policy: any CodingPolicy) -> ContentEncoder? {
    guard let choice = policy.coding(for: &turn.exchange) else { return nil }
    let isHead = turn.exchange.request.method == .head
    let encoder = isHead ? nil : worker.takeEncoder(choice)
    if !isHead, encoder == nil { return nil }
    Forwarding.declare(choice.coding, in: &turn.exchange.response.fields)
    return encoder
  }

  /// Has the content of a response encoded, if the policy wants that; before its head is sent.
  func beginEncoding(_ turn: inout Turn, _ policy: any CodingPolicy) {
    guard let encoder = chooseCoding(&turn, policy) else { return }
    var isStreamed = true
    if case .length = turn.exchange.response.framing { isStreamed = false }
    turn.exchange.response.framing = .chunked
    encoding = ResponseEncoding(encoder, isStreamed: isStreamed)
  }

  /// Encodes content that is there whole, if the policy wants that; false if the client was
  /// refused.
  func encodeWhole(
    _ content: inout [UInt8], _ turn: inout Turn, _ policy: any CodingPolicy
  ) -> Bool {
    turn.exchange.response.framing = .length(content.count)
    guard let encoder = chooseCoding(&turn, policy) else { return true }
    var output = ByteBuffer(capacity: 4096)
    let isDone = encoder.encode(content.span, .finish, into: &output)
    worker.giveEncoder(encoder)
    if isDone {
      content = Array(output.storage.prefix(output.count))
    } else {
      refuse(
        &turn, .internalError, "the response could not be encoded", closes: false,
        fault: .gateway)
    }
    return isDone
  }

  /// Says in a head that the content is encoded: another length, another byte for byte, and so no
  /// strong validator, no digest and no ranges of it (RFC 9110 §8.4, §8.8.1, §14.3).
  private static func declare(_ coding: ContentCoding, in fields: inout Fields) {
    fields.set(.contentEncoding, text: coding.text)
    fields.remove(.contentLength)
    for name in digestFields { fields.remove(named: name.span) }
    weakenTag(&fields)
  }

  private static let digestFields: [[UInt8]] = [
    "content-md5", "digest", "content-digest", "repr-digest", "accept-ranges",
  ].map { Array($0.utf8) }

  private static func weakenTag(_ fields: inout Fields) {
    guard let tag = fields.value(.etag) else { return }
    let strong = Array(fields.arena[tag.range])
    guard strong.first == UInt8(ascii: "\"") else { return }
    let weak = Array("W/".utf8) + strong
    fields.set(.etag, weak.span)
  }

  // MARK: Content

  /// Encodes content, and passes on what comes out as far as the client takes it; returns how much
  /// of the content was taken.
  func deliverEncoded(
    _ content: Span<UInt8>, _ encoding: ResponseEncoding, _ client: ClientConnection
  ) -> Int {
    var taken = 0
    while passEncoded(encoding, client), taken < content.count {
      let count = min(content.count - taken, Forwarding.pieceBytes)
      encoding.take(content.extracting(taken..<taken + count))
      taken += count
    }
    return taken
  }

  /// Passes on what has come out; whether all of it went.
  private func passEncoded(_ encoding: ResponseEncoding, _ client: ClientConnection) -> Bool {
    if encoding.output.isEmpty { return true }
    var output = ByteBuffer()
    swap(&output, &encoding.output)
    output.consume(pass(output.readable, client))
    swap(&output, &encoding.output)
    return encoding.output.isEmpty
  }

  /// The upstream pauses: who reads a stream of events gets what there is.
  func flushEncoding(_ encoding: ResponseEncoding, _ client: ClientConnection) {
    guard encoding.isStreamed, encoding.output.isEmpty else { return }
    encoding.flush()
    _ = passEncoded(encoding, client)
  }

  /// The response is whole; it ends once the client has taken all.
  func finishEncoding(
    _ turn: inout Turn, _ encoding: ResponseEncoding, _ client: ClientConnection
  ) {
    encoding.finish()
    if encoding.hasFailed { return cutEncoding(&turn) }
    if passEncoded(encoding, client) { endEncoding(&turn, client) }
  }

  /// The client takes content again; whether the upstream may go on.
  func resumeEncoding(_ encoding: ResponseEncoding) -> Bool {
    guard let client, passEncoded(encoding, client) else { return false }
    if !encoding.isEnding { return true }
    withTurn(()) { endEncoding(&$0, client) }
    conclude()
    return false
  }

  private func endEncoding(_ turn: inout Turn, _ client: ClientConnection) {
    sendEnd(turn, client)
    over(&turn, closes: closesAfter(turn), reason: "", fault: .none)
  }

  private func cutEncoding(_ turn: inout Turn) {
    record(&turn, reason: "the response could not be encoded", fault: .gateway)
    isOver = true
    ending = .cut
  }
}

extension Fields {
  /// Replaces all fields of a known name by one.
  fileprivate mutating func set(_ id: FieldName, text: StaticString) {
    remove(id)
    append(id, text: text)
  }
}
