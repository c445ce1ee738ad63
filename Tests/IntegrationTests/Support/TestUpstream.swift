import Foundation

/// An upstream that answers with the request as it arrived: head in small letters, then the body.
///
/// `/breaks` ends the connection without an answer, `/garbage` answers what is not HTTP.
final class TestUpstream: Sendable {
  private let listener: Socket
  let port: UInt16

  init() throws {
    let listener = try Socket.listening()
    self.listener = listener
    port = listener.port
    Thread.detachNewThread {
      while let connection = listener.accepted() {
        Thread.detachNewThread { try? TestUpstream.serve(connection) }
      }
    }
  }

  deinit { listener.shutDown() }

  private static func serve(_ connection: Socket) throws {
    var buffer: [UInt8] = []
    while true {
      guard let head = try takeHead(&buffer, from: connection) else { return }
      let lower = head.lowercased()
      let body = try takeBody(lower, &buffer, from: connection)
      let target = head.split(separator: " ").dropFirst().first ?? ""
      if target == "/breaks" { return connection.shutDown() }
      if target == "/garbage" {
        try connection.send(Array("what is this\r\n\r\n".utf8))
        return connection.shutDown()
      }
      let content = Array(lower.utf8) + Array("\r\n\r\n".utf8) + body
      let start = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: \(content.count)"
      try connection.send(
        Array((start + "\r\n\r\n").utf8) + (head.hasPrefix("HEAD ") ? [] : content))
    }
  }

  private static func takeHead(_ buffer: inout [UInt8], from socket: Socket) throws -> String? {
    while true {
      let text = String(decoding: buffer, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound]
        buffer.removeFirst(head.utf8.count + 4)
        return String(head)
      }
      let bytes = try socket.receive(withinMilliseconds: 60_000)
      if bytes.isEmpty { return nil }
      buffer += bytes
    }
  }

  /// The content; that of a chunked body without its frames.
  private static func takeBody(
    _ head: String, _ buffer: inout [UInt8], from socket: Socket
  ) throws -> [UInt8] {
    var body: [UInt8] = []
    if head.contains("\r\ntransfer-encoding: chunked") {
      while true {
        let size = Int(try takeLine(&buffer, from: socket), radix: 16) ?? 0
        body += try take(size, &buffer, from: socket)
        _ = try takeLine(&buffer, from: socket)
        if size == 0 { return body }
      }
    }
    guard let field = head.range(of: "\r\ncontent-length: ") else { return [] }
    let length = Int(head[field.upperBound...].prefix { $0.isNumber }) ?? 0
    return try take(length, &buffer, from: socket)
  }

  private static func takeLine(_ buffer: inout [UInt8], from socket: Socket) throws -> String {
    var line: [UInt8] = []
    while line.last != 0x0A { line += try take(1, &buffer, from: socket) }
    return String(decoding: line.dropLast(2), as: UTF8.self)
  }

  private static func take(
    _ count: Int, _ buffer: inout [UInt8], from socket: Socket
  ) throws -> [UInt8] {
    while buffer.count < count {
      let bytes = try socket.receive()
      if bytes.isEmpty { throw ClientError.ended }
      buffer += bytes
    }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }
}
