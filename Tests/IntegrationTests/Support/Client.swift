import Foundation

/// A client that sends what it is told, byte by byte, and reads answers strictly.
final class Client {
  private let socket: Socket
  private var buffer: [UInt8] = []
  /// The interim responses (1xx) so far.
  private(set) var interim: [Int] = []
  /// The trailer lines of the last chunked response.
  private(set) var trailers: [String] = []

  private let start = ContinuousClock.now

  init(port: UInt16) throws { socket = try Socket.connected(to: port) }

  /// Whether so much time has gone by since the client connected.
  func hasWaited(milliseconds: Int) -> Bool {
    ContinuousClock.now - start >= .milliseconds(milliseconds)
  }

  func send(_ text: String) throws { try socket.send(Array(text.utf8)) }

  /// Sends a request with `Host` and the given field lines.
  func request(
    _ method: String, _ target: String, _ fields: [String] = [], body: String = "",
    host: String = "api.test"
  ) throws -> Answer {
    let lines = ["\(method) \(target) HTTP/1.1", "Host: \(host)"] + fields
    try send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    return try answer(toHead: method == "HEAD")
  }

  /// The next final response.
  func answer(toHead: Bool = false) throws -> Answer {
    while true {
      let lines = try head()
      let words = lines[0].split(separator: " ")
      guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1])
      else { throw ClientError.malformed(lines[0]) }
      if status < 200 {
        interim.append(status)
        continue
      }
      var fields: [String: String] = [:]
      for line in lines.dropFirst() {
        guard let colon = line.firstIndex(of: ":") else { throw ClientError.malformed(line) }
        fields[line[..<colon].lowercased()] =
          line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      }
      let bodiless = toHead || status == 204 || status == 304
      let content = bodiless ? [] : try body(fields)
      return Answer(
        status: status, fields: fields, body: String(decoding: content, as: UTF8.self))
    }
  }

  /// Whether the gateway ends the connection, after whatever else it sends.
  func isClosed() -> Bool {
    while true {
      guard let bytes = try? socket.receive(withinMilliseconds: 5000) else { return false }
      if bytes.isEmpty { return true }
    }
  }

  private func head() throws -> [String] {
    while true {
      let text = String(decoding: buffer, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound]
        buffer.removeFirst(head.utf8.count + 4)
        return head.components(separatedBy: "\r\n")
      }
      try more()
    }
  }

  private func body(_ fields: [String: String]) throws -> [UInt8] {
    if fields["transfer-encoding"] == "chunked" { return try chunks() }
    guard let length = fields["content-length"] else {
      while (try? more()) != nil {}
      defer { buffer = [] }
      return buffer
    }
    guard let count = Int(length) else { throw ClientError.malformed(length) }
    return try take(count)
  }

  private func chunks() throws -> [UInt8] {
    var result: [UInt8] = []
    while true {
      guard let size = Int(try line(), radix: 16) else { throw ClientError.malformed("chunk") }
      if size == 0 {
        try readTrailers()
        return result
      }
      result += try take(size)
      _ = try line()
    }
  }

  private func readTrailers() throws {
    trailers = []
    while true {
      let next = try line()
      if next.isEmpty { return }
      trailers.append(next)
    }
  }

  /// The status of the next interim response; throws if something else comes.
  func awaitInterim() throws -> Int {
    let words = try head()[0].split(separator: " ")
    guard words.count > 1, let status = Int(words[1]), status < 200 else {
      throw ClientError.malformed(words.joined(separator: " "))
    }
    interim.append(status)
    return status
  }

  private func line() throws -> String {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = buffer[..<end].filter { $0 != 0x0D }
        buffer.removeFirst(end + 1)
        return String(decoding: line, as: UTF8.self)
      }
      try more()
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while buffer.count < count { try more() }
    defer { buffer.removeFirst(count) }
    return Array(buffer.prefix(count))
  }

  private func more() throws {
    let bytes = try socket.receive()
    if bytes.isEmpty { throw ClientError.ended }
    buffer += bytes
  }
}

/// What a client did not expect.
enum ClientError: Error {
  case ended
  case malformed(String)
}
