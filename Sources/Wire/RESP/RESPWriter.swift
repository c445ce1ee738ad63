public import Base

/// Writes commands for a store that speaks the Redis protocol (RESP2): lists of strings, each with
/// its length, so that nothing in them has a meaning.
public enum RESPWriter {
  /// Begins a command of so many strings, its name included.
  public static func begin(_ count: Int, into output: inout ByteBuffer) {
    output.append(UInt8(ascii: "*"))
    output.append(decimal: UInt(count))
    output.append("\r\n")
  }

  /// The next string.
  public static func string(_ bytes: Span<UInt8>, into output: inout ByteBuffer) {
    output.append(UInt8(ascii: "$"))
    output.append(decimal: UInt(bytes.count))
    output.append("\r\n")
    output.append(bytes)
    output.append("\r\n")
  }

  /// The next string.
  public static func string(_ text: String, into output: inout ByteBuffer) {
    string(text.utf8.span, into: &output)
  }

  /// The next string, a number.
  public static func number(_ number: UInt64, into output: inout ByteBuffer) {
    var (count, rest) = (1, number / 10)
    while rest > 0 {
      count += 1
      rest /= 10
    }
    output.append(UInt8(ascii: "$"))
    output.append(decimal: UInt(count))
    output.append("\r\n")
    output.append(decimal: UInt(number))
    output.append("\r\n")
  }

  /// A whole command.
  public static func command(_ words: [String], into output: inout ByteBuffer) {
    begin(words.count, into: &output)
    for word in words { string(word, into: &output) }
  }
}
