import Foundation
import Synchronization

/// An upstream whose answers say which request they are an answer to, with what the query asks for:
/// `cc` a `Cache-Control`, `f` further fields, `s` a status, `size` a length, `changes` that no
/// condition is met.
final class CacheUpstream: Sendable {
  private struct State {
    var heads: [String] = []
    var holds = false
    /// The status of all answers; 0 for the end of the connection.
    var failure: Int?
  }

  let port: UInt16
  private let listener: Socket
  private let state = Mutex(State())

  init() throws {
    let listener = try Socket.listening()
    self.listener = listener
    port = listener.port
    Thread.detachNewThread { [self] in
      while let connection = listener.accepted() {
        Thread.detachNewThread { [weak self] in try? self?.serve(connection) }
      }
    }
  }

  deinit { listener.shutDown() }

  /// How many requests came.
  var count: Int { heads.count }
  /// Their heads, in small letters.
  var heads: [String] { state.withLock { $0.heads } }
  /// Answers nobody, or everybody, from now on.
  func hold(_ holds: Bool) { state.withLock { $0.holds = holds } }
  /// Answers everybody by a status from now on.
  func fail(by status: Int?) { state.withLock { $0.failure = status } }

  private func serve(_ socket: Socket) throws {
    var buffer = ""
    while true {
      while !buffer.contains("\r\n\r\n") {
        let bytes = try socket.receive(withinMilliseconds: 60_000)
        if bytes.isEmpty { return }
        buffer += String(decoding: bytes, as: UTF8.self)
      }
      guard let end = buffer.range(of: "\r\n\r\n") else { return }
      let head = String(buffer[..<end.lowerBound])
      buffer = String(buffer[end.upperBound...])
      if let length = head.lowercased().range(of: "content-length: ") {
        let count = Int(head[length.upperBound...].prefix { $0.isNumber }) ?? 0
        while buffer.utf8.count < count {
          buffer += String(decoding: try socket.receive(), as: UTF8.self)
        }
        buffer = String(buffer.dropFirst(count))
      }
      let number = state.withLock { state in
        state.heads.append(head.lowercased())
        return state.heads.count
      }
      try? Waiting.until("the answer") { state.withLock { !$0.holds } }
      let failure = state.withLock { $0.failure }
      if failure == 0 { return socket.shutDown() }
      try socket.send(Array(CacheUpstream.answer(head, number, failure).utf8))
    }
  }

  private static func answer(_ head: String, _ number: Int, _ failure: Int?) -> String {
    let words = head.split(separator: " ")
    let target = words.count > 1 ? String(words[1]) : ""
    let items = URLComponents(string: target)?.queryItems ?? []
    func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
    var status = failure ?? value("s").flatMap(Int.init) ?? 200
    var fields = items.filter { $0.name == "f" }.compactMap { item -> String? in
      guard let text = item.value, let colon = text.firstIndex(of: ":") else { return nil }
      return "\(text[..<colon]): \(text[text.index(after: colon)...])"
    }
    if let control = value("cc"), !control.isEmpty { fields.append("Cache-Control: \(control)") }
    let lower = head.lowercased()
    let isConditional =
      lower.contains("\r\nif-none-match:") || lower.contains("\r\nif-modified-since:")
    if isConditional, value("changes") == nil, failure == nil { status = 304 }
    var body = "answer \(number) to \(target.prefix(40)) "
    if let size = value("size").flatMap(Int.init) {
      body += String(repeating: "0123456789", count: size / 10)
    }
    if status == 204 || status == 304 {
      return "HTTP/1.1 \(status) X\r\n\(fields.map { $0 + "\r\n" }.joined())\r\n"
    }
    if status == 206 { fields.append("Content-Range: bytes 0-\(body.utf8.count - 1)/*") }
    fields.append("Content-Length: \(body.utf8.count)")
    fields.append("Date: \(date())")
    return "HTTP/1.1 \(status) X\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n"
      + (head.hasPrefix("HEAD ") ? "" : body)
  }

  private static func date() -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.string(from: Date())
  }
}
