import Base

/// What a client's first message offers (RFC 8446 §4.1.2), as far as its fingerprint needs it.
struct ClientHello {
  /// Lists longer than these are no ordinary client's: sorting them would be work for an attacker.
  private static let ciphersMax = 512
  private static let extensionsMax = 256

  private(set) var version: UInt16 = 0
  private(set) var ciphers: [UInt16] = []
  /// The types, in the order of the message.
  private(set) var extensions: [UInt16] = []
  private(set) var signatureAlgorithms: [UInt16] = []
  /// The first application protocol; nil if there is no such extension.
  private(set) var firstProtocol: [UInt8]?

  /// Reads a handshake message with its header; nil if it is no whole `ClientHello`, or too long.
  init?(_ message: Span<UInt8>) {
    var reader = Reader(message)
    guard reader.number(1) == 1, let length = reader.number(3), length == reader.left,
      let legacy = reader.number(2), reader.skip(32), reader.skipVector(1),
      let ciphers = reader.vector(2), reader.skipVector(1)
    else { return nil }
    version = UInt16(legacy)
    self.ciphers = Self.values(message.extracting(ciphers))
    if self.ciphers.count > Self.ciphersMax { return nil }
    if reader.left == 0 { return }
    guard let list = reader.vector(2), reader.left == 0 else { return nil }
    guard readExtensions(message.extracting(list)) else { return nil }
  }

  private mutating func readExtensions(_ list: Span<UInt8>) -> Bool {
    var reader = Reader(list)
    while reader.left > 0 {
      guard let type = reader.number(2), let range = reader.vector(2) else { return false }
      extensions.append(UInt16(type))
      if extensions.count > Self.extensionsMax { return false }
      read(type, list.extracting(range))
    }
    return true
  }

  private mutating func read(_ type: Int, _ content: Span<UInt8>) {
    var reader = Reader(content)
    switch type {
    case 13:
      if let list = reader.vector(2) {
        signatureAlgorithms = Array(Self.values(content.extracting(list)).prefix(Self.ciphersMax))
      }
    case 16:
      guard let list = reader.vector(2) else { return }
      let protocols = content.extracting(list)
      var names = Reader(protocols)
      guard let name = names.vector(1) else { return }
      firstProtocol = name.map { protocols[$0] }
    case 43:
      // The highest that is offered stands for all (RFC 8446 §4.2.1).
      guard let list = reader.vector(1) else { return }
      let offered = Self.values(content.extracting(list)).filter { !Self.isGrease($0) }
      version = offered.max() ?? version
    default: break
    }
  }

  /// Reserved values that clients mix in at random (RFC 8701 §2).
  static func isGrease(_ value: UInt16) -> Bool {
    value & 0x0F0F == 0x0A0A && value >> 8 == value & 0xFF
  }

  private static func values(_ bytes: Span<UInt8>) -> [UInt16] {
    stride(from: 0, to: bytes.count & ~1, by: 2).map {
      UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
  }
}

extension ClientHello {
  /// Reads numbers and vectors (RFC 8446 §3), never beyond the end.
  private struct Reader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: Span<UInt8>) { self.bytes = bytes.indices.map { bytes[$0] } }

    var left: Int { bytes.count - at }

    mutating func number(_ width: Int) -> Int? {
      guard left >= width else { return nil }
      defer { at += width }
      return bytes[at..<at + width].reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func skip(_ count: Int) -> Bool {
      guard left >= count else { return false }
      at += count
      return true
    }

    /// Where the content of a vector lies whose length has `width` bytes.
    mutating func vector(_ width: Int) -> Range<Int>? {
      guard let count = number(width), skip(count) else { return nil }
      return at - count..<at
    }

    mutating func skipVector(_ width: Int) -> Bool { vector(width) != nil }
  }
}
