import Base
public import HTTP

/// The key of a handshake, and the answer that only a server of WebSockets gives to it
/// (RFC 6455 §4.2.2).
public struct WebSocketKey: Sendable {
  /// The key as it is sent: 16 bytes in base64.
  public let text: [UInt8]

  /// A key of 16 bytes that nobody can have chosen before.
  public init(_ high: UInt64, _ low: UInt64) {
    var bytes: [UInt8] = []
    for word in [high, low] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    text = Self.base64(bytes)
  }

  /// A key as a client sent it.
  init(text: [UInt8]) { self.text = text }

  /// What the server has to answer.
  public var answer: [UInt8] {
    Self.base64(Self.digest(text + Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
  }

  /// Whether a response has the one answer to it.
  public func isAnswered(in fields: borrowing Fields) -> Bool {
    let name = "sec-websocket-accept".utf8.span
    guard fields.count(named: name) == 1, let value = fields.value(named: name) else {
      return false
    }
    let answer = answer
    return ASCII.equals(fields[value], answer.span)
  }

  private static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text = ByteBuffer()
    GRPCWebFrame.append(base64: bytes.span, to: &text)
    return Array(text.storage[text.readIndex..<text.writeIndex])
  }

  /// SHA-1 (RFC 3174), which here guards nothing: it shows that the other side knows WebSockets.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    let bits = UInt64(message.count) * 8
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    for at in stride(from: 0, to: padded.count, by: 64) { mix(padded[at..<at + 64], into: &state) }
    return state.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    var words = (0..<16).map { index in
      (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(block[block.startIndex + 4 * index + $1]) }
    }
    for index in 16..<80 {
      let word = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
      words.append(word << 1 | word >> 31)
    }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for index in 0..<80 {
      let (mixed, constant): (UInt32, UInt32) =
        switch index / 20 {
        case 0: (b & c | ~b & d, 0x5A82_7999)
        case 1: (b ^ c ^ d, 0x6ED9_EBA1)
        case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
        default: (b ^ c ^ d, 0xCA62_C1D6)
        }
      let next = (a << 5 | a >> 27) &+ mixed &+ e &+ constant &+ words[index]
      (a, b, c, d, e) = (next, a, b << 30 | b >> 2, c, d)
    }
    for (index, value) in [a, b, c, d, e].enumerated() { state[index] = state[index] &+ value }
  }
}
