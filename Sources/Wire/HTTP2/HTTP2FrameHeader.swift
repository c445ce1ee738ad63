import Base

/// The nine bytes that each frame begins with (RFC 9113 §4.1).
struct HTTP2FrameHeader: Equatable {
  /// The types of frames; any other is passed over (RFC 9113 §5.5).
  enum Kind: UInt8 {
    case data = 0
    case headers, priority, rstStream, settings, pushPromise, ping, goAway, windowUpdate
    case continuation
  }

  /// Bits that mean something for some types.
  enum Flag {
    static var endStream: UInt8 { 0x01 }
    static var acknowledgement: UInt8 { 0x01 }
    static var endHeaders: UInt8 { 0x04 }
    static var padded: UInt8 { 0x08 }
    static var priority: UInt8 { 0x20 }
  }

  static let byteCount = 9
  /// The largest payload that is taken and sent: what every peer has to take.
  static let payloadMax = 16_384

  var length: Int
  var type: UInt8
  var flags: UInt8
  var stream: UInt32

  /// Reads the header at the front of `bytes`, which are nine at least.
  init(_ bytes: Span<UInt8>) {
    length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
    type = bytes[3]
    flags = bytes[4]
    stream = Self.word(bytes, 5) & 0x7FFF_FFFF
  }

  init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32, length: Int) {
    self.length = length
    type = kind.rawValue
    self.flags = flags
    self.stream = stream
  }

  func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

  /// Appends the header.
  func write(into output: inout ByteBuffer) {
    output.write(atMost: Self.byteCount) { sink in
      sink.append(UInt8(truncatingIfNeeded: length >> 16))
      sink.append(UInt8(truncatingIfNeeded: length >> 8))
      sink.append(UInt8(truncatingIfNeeded: length))
      sink.append(type)
      sink.append(flags)
      sink.append(UInt8(truncatingIfNeeded: stream >> 24))
      sink.append(UInt8(truncatingIfNeeded: stream >> 16))
      sink.append(UInt8(truncatingIfNeeded: stream >> 8))
      sink.append(UInt8(truncatingIfNeeded: stream))
    }
  }

  /// The four bytes at a place, the highest first.
  static func word(_ bytes: Span<UInt8>, _ at: Int) -> UInt32 {
    UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8
      | UInt32(bytes[at + 3])
  }

  /// Appends four bytes, the highest first.
  static func append(_ word: UInt32, to output: inout ByteBuffer) {
    output.append(UInt8(word >> 24))
    output.append(UInt8(word >> 16 & 0xFF))
    output.append(UInt8(word >> 8 & 0xFF))
    output.append(UInt8(word & 0xFF))
  }
}
