import Foundation
import Synchronization

/// An upstream that answers each path with bytes that a test wrote down, whatever they are.
///
/// It keeps connections open and says which connection each request came by, and what it held.
final class ScriptedUpstream: Sendable {
  /// One request as it arrived.
  struct Visit: Sendable {
    let connection: Int
    /// The head in small letters.
    let head: String
    let body: String

    var path: String { String(head.split(separator: " ").dropFirst().first ?? "") }
  }

  let port: UInt16
  private let listener: Socket
  private let seen = Mutex<[Visit]>([])
  private let answers: [String: String]
  /// Paths behind whose answer the connection ends.
  private let closing: Set<String>

  /// Answers by path; any other gets `200` and its own path as content.
  init(_ answers: [String: String], closing: Set<String> = [], port: UInt16 = 0) throws {
    let listener = try Socket.listening(port: port)
    self.listener = listener
    self.answers = answers
    self.closing = closing
    self.port = listener.port
    Thread.detachNewThread { [self] in
      var number = 0
      while let connection = listener.accepted() {
        number += 1
        let current = number
        Thread.detachNewThread { [weak self] in try? self?.serve(connection, current) }
      }
    }
  }

  deinit { listener.shutDown() }

  /// All requests so far.
  var visits: [Visit] { seen.withLock { $0 } }

  /// The connection that the first request for `path` came by.
  func connection(_ path: String) -> Int? { visits.first { $0.path == path }?.connection }

  private func serve(_ socket: Socket, _ number: Int) throws {
    var buffer: [UInt8] = []
    while true {
      var text = String(decoding: buffer, as: UTF8.self)
      while !text.contains("\r\n\r\n") {
        let bytes = try socket.receive(withinMilliseconds: 60_000)
        if bytes.isEmpty { return }
        buffer += bytes
        text = String(decoding: buffer, as: UTF8.self)
      }
      guard let end = text.range(of: "\r\n\r\n") else { return }
      let head = text[..<end.lowerBound].lowercased()
      buffer.removeFirst(head.utf8.count + 4)
      let field = head.range(of: "\r\ncontent-length: ")
      let length = field.flatMap { Int(head[$0.upperBound...].prefix { $0.isNumber }) } ?? 0
      while buffer.count < length {
        let bytes = try socket.receive()
        if bytes.isEmpty { return }
        buffer += bytes
      }
      let body = String(decoding: buffer.prefix(length), as: UTF8.self)
      buffer.removeFirst(length)
      let visit = Visit(connection: number, head: head, body: body)
      seen.withLock { $0.append(visit) }
      let standard =
        "HTTP/1.1 200 OK\r\nContent-Length: \(visit.path.utf8.count)\r\n\r\n\(visit.path)"
      try socket.send(Array((answers[visit.path] ?? standard).utf8))
      if closing.contains(visit.path) { return socket.shutDown() }
    }
  }
}
