public import Base

/// Writes JSON (RFC 8259) at the end of a buffer; allocates only while the buffer grows.
///
/// It puts the commas; that objects and arrays are closed and that keys stand before values is the
/// caller's duty. What it writes is safe in a log that is looked at: control characters, DEL, line
/// separators and the characters that turn text around are escaped (CWE-117), and bytes that are no
/// UTF-8 become U+FFFD.
public struct JSONWriter: Sendable {
  /// What was written so far.
  public private(set) var buffer: ByteBuffer
  private var needsComma = false

  /// Appends to what `buffer` holds.
  public init(_ buffer: consuming ByteBuffer = ByteBuffer()) { self.buffer = buffer }

  /// Gives the buffer away and leaves an empty one.
  public mutating func take() -> ByteBuffer {
    let taken = buffer
    buffer = ByteBuffer()
    needsComma = false
    return taken
  }

  /// Appends a newline and forgets the comma: the end of one line of JSON lines.
  public mutating func endLine() {
    buffer.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  // MARK: Structure

  /// Opens an object.
  public mutating func beginObject() { begin(UInt8(ascii: "{")) }

  /// Closes an object.
  public mutating func endObject() { end(UInt8(ascii: "}")) }

  /// Opens an array.
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }

  /// Closes an array.
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Writes a key that needs no escaping, known at compile time.
  public mutating func key(_ key: StaticString) {
    comma()
    buffer.append(UInt8(ascii: "\""))
    buffer.append(key)
    buffer.append("\":")
    needsComma = false
  }

  /// Writes a key of any text.
  public mutating func key(escaping key: String) {
    string(key)
    buffer.append(UInt8(ascii: ":"))
    needsComma = false
  }

  // MARK: Values

  /// Writes a string, escaped.
  public mutating func string(_ text: Span<UInt8>) {
    comma()
    JSONWriter.append(quoted: text, to: &buffer)
  }

  /// Writes a string, escaped.
  public mutating func string(_ text: String) { string(text.utf8.span) }

  /// Writes a whole number.
  public mutating func integer(_ number: Int) {
    comma()
    buffer.append(decimal: number)
  }

  /// Writes a number; one that JSON cannot hold (infinite, not a number) becomes `null`.
  public mutating func number(_ number: Double) {
    comma()
    if number.isFinite { buffer.append(utf8: "\(number)") } else { buffer.append("null") }
  }

  /// Writes a number, exactly.
  public mutating func number(_ number: JSONNumber) {
    comma()
    buffer.append(utf8: number.description)
  }

  /// Writes `true` or `false`.
  public mutating func boolean(_ value: Bool) {
    comma()
    if value { buffer.append("true") } else { buffer.append("false") }
  }

  /// Writes `null`.
  public mutating func null() {
    comma()
    buffer.append("null")
  }

  private mutating func comma() {
    if needsComma { buffer.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func begin(_ byte: UInt8) {
    comma()
    buffer.append(byte)
    needsComma = false
  }

  private mutating func end(_ byte: UInt8) {
    buffer.append(byte)
    needsComma = true
  }
}
