public import Base
public import HTTP

/// Writes heads and chunks in one form, from the canonical objects alone (RFC 9112 §2).
public enum HeadWriter {
  /// Writes a request for an upstream that is called `host`: the fields of `head` without those
  /// that are about one connection, and the framing that the body will have.
  public static func request(
    _ head: borrowing RequestHead, host: Span<UInt8>, framing: BodyFraming,
    into output: inout ByteBuffer
  ) {
    let fields = fieldBytes(head.fields)
    let most =
      Int(head.methodText.count) + Int(head.path.count) + Int(head.query.count) + host.count
      + fields + fixedBytesMax
    output.write(atMost: most) { sink in
      sink.append(head.fields[head.methodText])
      sink.append(0x20)
      sink.append(head.fields[head.path])
      if head.hasQuery {
        sink.append(0x3F)
        sink.append(head.fields[head.query])
      }
      sink.append(" HTTP/1.1\r\nhost: ")
      sink.append(host)
      sink.append(pair: FieldLine.crlf)
      self.fields(head.fields, into: &sink)
      if head.isWebSocket {
        sink.append("upgrade: websocket\r\nconnection: upgrade\r\n")
      } else if head.acceptsTrailers {
        sink.append("te: trailers\r\nconnection: te\r\n")
      }
      self.framing(framing, into: &sink)
      sink.append(pair: FieldLine.crlf)
    }
  }

  /// Writes a response: what the upstream said, then what the gateway adds in `reply`.
  public static func response(
    _ head: borrowing ResponseHead, reply: borrowing Fields, framing: BodyFraming, closes: Bool,
    keepAliveVersion10: Bool, into output: inout ByteBuffer
  ) {
    let reason = reason(head.status)
    let most =
      reason.utf8CodeUnitCount + fieldBytes(head.fields) + fieldBytes(reply) + fixedBytesMax
    output.write(atMost: most) { sink in
      sink.append("HTTP/1.1 ")
      sink.append(decimal: UInt(head.status))
      sink.append(0x20)
      sink.append(reason)
      sink.append(pair: FieldLine.crlf)
      fields(head.fields, into: &sink)
      fields(reply, into: &sink)
      self.framing(framing, into: &sink)
      if closes {
        sink.append("connection: close\r\n")
      } else if keepAliveVersion10 {
        sink.append("connection: keep-alive\r\n")
      }
      sink.append(pair: FieldLine.crlf)
    }
  }

  /// Writes the response that begins a WebSocket (RFC 6455 §4.2.2).
  public static func switching(
    _ head: borrowing ResponseHead, reply: borrowing Fields, into output: inout ByteBuffer
  ) {
    let most = fieldBytes(head.fields) + fieldBytes(reply) + fixedBytesMax
    output.write(atMost: most) { sink in
      sink.append("HTTP/1.1 101 Switching Protocols\r\n")
      fields(head.fields, into: &sink)
      fields(reply, into: &sink)
      sink.append("upgrade: websocket\r\nconnection: upgrade\r\n\r\n")
    }
  }

  /// Writes the line before a chunk of `count` bytes, which is not zero.
  public static func chunk(_ count: Int, into output: inout ByteBuffer) {
    precondition(count > 0, "an empty chunk ends the body")
    output.append(hexadecimal: UInt(count))
    output.append("\r\n")
  }

  /// Writes what follows a chunk's data.
  public static func chunkEnd(into output: inout ByteBuffer) { output.append("\r\n") }

  /// Writes the end of a chunked body.
  public static func lastChunk(_ trailers: borrowing Fields, into output: inout ByteBuffer) {
    output.write(atMost: fieldBytes(trailers) + fixedBytesMax) { sink in
      sink.append("0\r\n")
      fields(trailers, into: &sink)
      sink.append(pair: FieldLine.crlf)
    }
  }

  /// More than all that a head has beside its fields and names, in bytes.
  private static let fixedBytesMax = 160

  /// The most that `fields` come to when written, in bytes.
  @inline(__always)
  private static func fieldBytes(_ fields: borrowing Fields) -> Int {
    var count = 0
    let lines = fields.lines.span
    for index in lines.indices {
      count += Int(lines[index].name.count) + Int(lines[index].value.count) + 4
    }
    return count
  }

  /// Writes the fields in their order. Lines that lie in the arena as they are to be written, one
  /// behind the other, go in one piece: the bytes are the same, and there are fewer copies.
  @inline(__always)
  private static func fields(_ fields: borrowing Fields, into sink: inout ByteSink) {
    let lines = fields.lines.span
    let arena = fields.arena.span
    var (from, to) = (0, 0)
    for index in lines.indices {
      let line = lines[index]
      if line.name.isEmpty || !isWritten(line.id) { continue }
      let whole = line.whole(in: arena)
      if let whole, whole.lowerBound == to {
        to = whole.upperBound
        continue
      }
      if from < to { sink.append(arena.extracting(from..<to)) }
      (from, to) = (whole?.lowerBound ?? 0, whole?.upperBound ?? 0)
      if whole != nil { continue }
      sink.append(arena.extracting(line.name.range))
      sink.append(pair: FieldLine.colonAndSpace)
      sink.append(arena.extracting(line.value.range))
      sink.append(pair: FieldLine.crlf)
    }
    if from < to { sink.append(arena.extracting(from..<to)) }
  }

  /// Whether a field is written as it is, and not by the writer itself or not at all.
  static func isWritten(_ id: FieldName) -> Bool {
    switch id {
    case .host, .contentLength, .expect: false
    default: !id.isHopByHop
    }
  }

  private static func framing(_ framing: BodyFraming, into sink: inout ByteSink) {
    switch framing {
    case .none, .untilClose: break
    case .chunked: sink.append("transfer-encoding: chunked\r\n")
    case .length(let length):
      sink.append("content-length: ")
      sink.append(decimal: UInt(length))
      sink.append(pair: FieldLine.crlf)
    }
  }
}
