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
    output.append(head.fields[head.methodText])
    output.append(0x20)
    output.append(head.fields[head.path])
    if head.hasQuery {
      output.append(0x3F)
      output.append(head.fields[head.query])
    }
    output.append(" HTTP/1.1\r\nhost: ")
    output.append(host)
    output.append("\r\n")
    fields(head.fields, into: &output)
    self.framing(framing, into: &output)
    output.append("\r\n")
  }

  /// Writes a response: what the upstream said, then what the gateway adds in `reply`.
  public static func response(
    _ head: borrowing ResponseHead, reply: borrowing Fields, framing: BodyFraming, closes: Bool,
    keepAliveVersion10: Bool, into output: inout ByteBuffer
  ) {
    output.append("HTTP/1.1 ")
    output.append(decimal: head.status)
    output.append(0x20)
    output.append(reason(head.status))
    output.append("\r\n")
    fields(head.fields, into: &output)
    fields(reply, into: &output)
    self.framing(framing, into: &output)
    if closes {
      output.append("connection: close\r\n")
    } else if keepAliveVersion10 {
      output.append("connection: keep-alive\r\n")
    }
    output.append("\r\n")
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
    output.append("0\r\n")
    fields(trailers, into: &output)
    output.append("\r\n")
  }

  private static func fields(_ fields: borrowing Fields, into output: inout ByteBuffer) {
    for index in fields.lines.indices {
      let line = fields.lines[index]
      if line.name.isEmpty || !isWritten(line.id) { continue }
      output.append(fields[line.name])
      output.append(": ")
      output.append(fields[line.value])
      output.append("\r\n")
    }
  }

  /// Whether a field is written as it is, and not by the writer itself or not at all.
  private static func isWritten(_ id: FieldName) -> Bool {
    switch id {
    case .host, .contentLength, .expect: false
    default: !id.isHopByHop
    }
  }

  private static func framing(_ framing: BodyFraming, into output: inout ByteBuffer) {
    switch framing {
    case .none, .untilClose: break
    case .chunked: output.append("transfer-encoding: chunked\r\n")
    case .length(let length):
      output.append("content-length: ")
      output.append(decimal: length)
      output.append("\r\n")
    }
  }
}
