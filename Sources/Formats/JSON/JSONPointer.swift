import Base

/// The way to a value within a JSON text (RFC 6901).
public struct JSONPointer: Hashable, Sendable {
  /// Names of members and places of elements, from the root inwards.
  public var tokens: [String]

  /// A pointer of these names and places; of none, the whole text.
  public init(_ tokens: [String] = []) { self.tokens = tokens }

  /// Reads the text of a pointer, `/a~1b/0`; nil if it is none (RFC 6901 §3).
  public init?(_ text: String) {
    guard let tokens = JSONPointer.read(Array(text.utf8)) else { return nil }
    self.tokens = tokens
  }

  /// Reads a pointer from a URI's fragment, without the `#`: percent-encoding is undone first
  /// (RFC 6901 §6). Nil if it is none.
  public init?(fragment: String) {
    var bytes: [UInt8] = []
    let given = Array(fragment.utf8)
    var at = 0
    while at < given.count {
      guard given[at] == UInt8(ascii: "%") else {
        bytes.append(given[at])
        at += 1
        continue
      }
      guard at + 2 < given.count, let high = ASCII.hexValue(given[at + 1]),
        let low = ASCII.hexValue(given[at + 2])
      else { return nil }
      bytes.append(high << 4 | low)
      at += 3
    }
    guard let tokens = JSONPointer.read(bytes) else { return nil }
    self.tokens = tokens
  }

  private static func read(_ bytes: [UInt8]) -> [String]? {
    if bytes.isEmpty { return [] }
    guard bytes[0] == UInt8(ascii: "/") else { return nil }
    var tokens: [String] = []
    var token: [UInt8] = []
    var at = 1
    while at <= bytes.count {
      if at == bytes.count || bytes[at] == UInt8(ascii: "/") {
        guard let text = String(validating: token, as: UTF8.self) else { return nil }
        tokens.append(text)
        token = []
      } else if bytes[at] == UInt8(ascii: "~") {
        at += 1
        guard at < bytes.count, bytes[at] | 1 == UInt8(ascii: "1") else { return nil }
        token.append(bytes[at] == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
      } else {
        token.append(bytes[at])
      }
      at += 1
    }
    return tokens
  }

  /// This pointer, one step further in.
  public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

  /// The place of an element that a token means: digits without a zero before them.
  public static func place(_ token: String) -> Int? {
    let digits = token.utf8
    guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    return ASCII.decimal(digits.span)
  }
}

extension JSONPointer: CustomStringConvertible {
  /// The pointer as text, `/a~1b/0`.
  public var description: String {
    // By bytes: a mark behind a slash makes one character with it.
    var text: [UInt8] = []
    for token in tokens {
      text.append(UInt8(ascii: "/"))
      for byte in token.utf8 {
        switch byte {
        case UInt8(ascii: "~"): text += [byte, UInt8(ascii: "0")]
        case UInt8(ascii: "/"): text += [UInt8(ascii: "~"), UInt8(ascii: "1")]
        default: text.append(byte)
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension JSONPointer: ExpressibleByStringLiteral {
  /// A pointer known when this is compiled.
  public init(stringLiteral text: String) {
    guard let pointer = JSONPointer(text) else { preconditionFailure("no JSON Pointer: \(text)") }
    self = pointer
  }
}
