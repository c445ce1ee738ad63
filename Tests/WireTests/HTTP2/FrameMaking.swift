import Base

/// Frames as a client would write them, right or wrong.
enum Frame {
  static let data: UInt8 = 0
  static let headers: UInt8 = 1
  static let priority: UInt8 = 2
  static let rstStream: UInt8 = 3
  static let settings: UInt8 = 4
  static let pushPromise: UInt8 = 5
  static let ping: UInt8 = 6
  static let goAway: UInt8 = 7
  static let windowUpdate: UInt8 = 8
  static let continuation: UInt8 = 9

  static let endStream: UInt8 = 1
  static let endHeaders: UInt8 = 4
  static let padded: UInt8 = 8

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  static func make(
    _ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []
  ) -> [UInt8] {
    let count = payload.count
    return [UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), type, flags]
      + word(stream) + payload
  }

  static func word(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
  }

  static func setting(_ number: UInt8, _ value: UInt32) -> [UInt8] { [0, number] + word(value) }

  /// A field as a literal that no table keeps.
  static func field(_ name: String, _ value: String) -> [UInt8] {
    [0] + text(name) + text(value)
  }

  static func text(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    precondition(bytes.count < 127)
    return [UInt8(bytes.count)] + bytes
  }

  static let get: [(String, String)] = [
    (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "api.test"),
  ]
  static let post: [(String, String)] = [(":method", "POST")] + get.dropFirst()

  static func block(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { field($0.0, $0.1) }
  }

  /// A whole request, or one whose content follows.
  static func request(
    _ stream: UInt32, _ fields: [(String, String)] = get, ends: Bool = true
  ) -> [UInt8] {
    make(headers, flags: endHeaders | (ends ? endStream : 0), stream: stream, block(fields))
  }
}
