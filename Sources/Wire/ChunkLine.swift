import Base

/// Reads the line before a chunk, one byte at a time: size and extensions (RFC 9112 §7.1).
///
/// Extensions are checked against the grammar and dropped. Nothing is taken that another reader
/// could give another size.
struct ChunkLine {
  private enum Phase {
    case size, beforeSemicolon, beforeName, name, afterName, beforeValue, value, quoted, escape
    case afterQuoted, lineFeed
  }

  enum Step {
    case more
    case end
    case malformed(StaticString)
  }

  private var phase = Phase.size
  private var digits = 0
  private(set) var size = 0
  /// Bytes of extensions so far, all chunks of the body together.
  private var extensionBytes = 0

  /// Makes it ready for the next chunk of the same body.
  mutating func next() {
    phase = .size
    digits = 0
    size = 0
  }

  mutating func take(_ byte: UInt8, extensionBytesMax: Int) -> Step {
    if phase == .size, let digit = ASCII.hexValue(byte) { return take(digit: digit) }
    if phase == .lineFeed { return byte == 0x0A ? .end : .malformed("chunk line without CR LF") }
    if byte == 0x0D, mayEnd {
      phase = .lineFeed
      return .more
    }
    if digits == 0 { return .malformed("chunk without a size") }
    extensionBytes += 1
    if extensionBytes > extensionBytesMax { return .malformed("chunk extensions too long") }
    guard let following = follow(byte) else { return .malformed("chunk line") }
    phase = following
    return .more
  }

  private mutating func take(digit: UInt8) -> Step {
    digits += 1
    guard digits <= 16, size >> 56 == 0 else { return .malformed("chunk size too large") }
    size = size << 4 | Int(digit)
    return .more
  }

  private var mayEnd: Bool {
    switch phase {
    case .size: digits > 0
    case .name, .value, .afterQuoted: true
    default: false
    }
  }

  /// The phase behind `byte`, or nil if it may not stand here.
  private func follow(_ byte: UInt8) -> Phase? {
    let isSpace = FieldReader.isSpace(byte)
    let isSemicolon = byte == 0x3B
    switch phase {
    case .size, .beforeSemicolon, .afterQuoted:
      return isSemicolon ? .beforeName : isSpace ? .beforeSemicolon : nil
    case .beforeName:
      return isSpace ? .beforeName : ASCII.isToken(byte) ? .name : nil
    case .name, .afterName:
      if phase == .name, ASCII.isToken(byte) { return .name }
      return byte == 0x3D ? .beforeValue : isSemicolon ? .beforeName : isSpace ? .afterName : nil
    case .beforeValue:
      return byte == 0x22
        ? .quoted : isSpace ? .beforeValue : ASCII.isToken(byte) ? .value : nil
    case .value:
      return ASCII.isToken(byte)
        ? .value : isSemicolon ? .beforeName : isSpace ? .beforeSemicolon : nil
    case .quoted:
      if byte == 0x22 { return .afterQuoted }
      return byte == 0x5C ? .escape : ASCII.isFieldValue(byte) ? .quoted : nil
    case .escape:
      return ASCII.isFieldValue(byte) ? .quoted : nil
    case .lineFeed:
      return nil
    }
  }
}
