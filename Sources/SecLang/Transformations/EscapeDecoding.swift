import Base

/// Backslash escapes of scripts, style sheets and C.
enum EscapeDecoding {
  /// Escapes of ECMA-262 §12.9.4.
  static func script(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    decode(text, &output) { at, output in
      let letter = text[at]
      if letter == UInt8(ascii: "u") {
        if let value = URLDecoding.hex(text, at + 1, 4) {
          output.append(URLDecoding.narrow(value))
          return at + 5
        }
        if let (value, end) = braced(text, at + 1) {
          output.append(URLDecoding.narrow(value))
          return end
        }
      }
      if letter == UInt8(ascii: "x"), let value = URLDecoding.hex(text, at + 1, 2) {
        output.append(UInt8(truncatingIfNeeded: value))
        return at + 3
      }
      if let (value, end) = octal(text, at) {
        output.append(value)
        return end
      }
      output.append(control(letter) ?? letter)
      return at + 1
    }
  }

  /// Escapes of C and of shells' `$'…'`; what is none stays as it is.
  static func sequences(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    decode(text, &output) { at, output in
      let letter = text[at]
      if letter | 0x20 == UInt8(ascii: "x"), let value = URLDecoding.hex(text, at + 1, 2) {
        output.append(UInt8(truncatingIfNeeded: value))
        return at + 3
      }
      if let (value, end) = octal(text, at) {
        output.append(value)
        return end
      }
      if let value = control(letter) {
        output.append(value)
      } else if "\\?'\"".utf8.contains(letter) {
        output.append(letter)
      } else {
        output.append(UInt8(ascii: "\\"))
        output.append(letter)
      }
      return at + 1
    }
  }

  /// Escapes of style sheets: up to six hexadecimal digits and one blank behind them.
  static func style(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    decode(text, &output) { at, output in
      var end = at
      var value: UInt32 = 0
      while end < text.count, end - at < 6, let digit = ASCII.hexValue(text[end]) {
        value = value << 4 | UInt32(digit)
        end += 1
      }
      if end > at {
        output.append(URLDecoding.narrow(value))
        let takesBlank = end < text.count && (text[end] == 0x20 || text[end] &- 0x09 < 5)
        return takesBlank ? end + 1 : end
      }
      if text[at] != 0x0A { output.append(text[at]) }
      return at + 1
    }
  }

  /// Copies `text`, and at each backslash with something behind it asks `escape` with its place,
  /// which says where to go on.
  private static func decode(
    _ text: Span<UInt8>, _ output: inout [UInt8], _ escape: (Int, inout [UInt8]) -> Int
  ) {
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "\\"), at + 1 < text.count {
        at = escape(at + 1, &output)
      } else {
        output.append(text[at])
        at += 1
      }
    }
  }

  private static func braced(_ text: Span<UInt8>, _ at: Int) -> (UInt32, end: Int)? {
    guard at < text.count, text[at] == UInt8(ascii: "{") else { return nil }
    var end = at + 1
    var value: UInt32 = 0
    while end < text.count, end - at < 9, let digit = ASCII.hexValue(text[end]) {
      value = value << 4 | UInt32(digit)
      end += 1
    }
    guard end > at + 1, end < text.count, text[end] == UInt8(ascii: "}") else { return nil }
    return (value, end + 1)
  }

  private static func octal(_ text: Span<UInt8>, _ at: Int) -> (UInt8, end: Int)? {
    var end = at
    var value: UInt32 = 0
    while end < text.count, end - at < 3, text[end] &- 0x30 < 8 {
      value = value << 3 | UInt32(text[end] - 0x30)
      end += 1
    }
    return end > at ? (UInt8(truncatingIfNeeded: value), end) : nil
  }

  private static func control(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "a"): 0x07
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "v"): 0x0B
    default: nil
    }
  }
}
