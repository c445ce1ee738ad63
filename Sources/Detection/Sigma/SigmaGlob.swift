import Base

/// A text with wildcards, as Sigma has it: `*` for anything, `?` for one byte, a backslash before
/// either for itself.
struct SigmaGlob: Sendable, Equatable {
  private enum Token: Sendable, Equatable {
    case byte(UInt8)
    case any, one
  }

  private var tokens: [Token] = []
  private let isCased: Bool

  /// Reads `text`; it may stand anywhere, at the beginning or at the end, if that is said.
  init(_ text: String, isCased: Bool, opensAnywhere: Bool = false, endsAnywhere: Bool = false) {
    self.isCased = isCased
    if opensAnywhere { tokens.append(.any) }
    let bytes = Array(text.utf8)
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      let next = place + 1 < bytes.count ? bytes[place + 1] : 0
      if byte == 0x5C, next == 0x2A || next == 0x3F || next == 0x5C {
        tokens.append(.byte(next))
        place += 1
      } else if byte == 0x2A {
        if tokens.last != .any { tokens.append(.any) }
      } else if byte == 0x3F {
        tokens.append(.one)
      } else {
        tokens.append(.byte(SigmaGlob.folded(byte, isCased)))
      }
      place += 1
    }
    if endsAnywhere, tokens.last != .any { tokens.append(.any) }
  }

  private static func folded(_ byte: UInt8, _ isCased: Bool) -> UInt8 {
    !isCased && byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  /// Whether all of a text is what this says. After a wildcard that has taken too little it goes on
  /// from the last one alone, so that the time is bounded by the product of both lengths.
  func matches(_ text: Span<UInt8>) -> Bool {
    var (at, token) = (0, 0)
    var (lastAny, resume) = (-1, 0)
    while at < text.count {
      if token < tokens.count, fits(tokens[token], text[at]) {
        if tokens[token] == .any {
          (lastAny, resume) = (token, at)
        } else {
          at += 1
        }
        token += 1
      } else if lastAny >= 0 {
        resume += 1
        (at, token) = (resume, lastAny + 1)
      } else {
        return false
      }
    }
    while token < tokens.count, tokens[token] == .any { token += 1 }
    return token == tokens.count
  }

  private func fits(_ token: Token, _ byte: UInt8) -> Bool {
    switch token {
    case .any, .one: true
    case .byte(let wanted): wanted == SigmaGlob.folded(byte, isCased)
    }
  }
}
