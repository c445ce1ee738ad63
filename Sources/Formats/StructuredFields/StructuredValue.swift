/// A bare item of a structured field (RFC 9651 §3.3).
public enum StructuredValue: Hashable, Sendable {
  /// At most 15 digits.
  case integer(Int)
  /// In thousandths: at most 12 digits before the point and 3 behind it.
  case decimal(thousandths: Int)
  case string(String)
  case token(String)
  case bytes([UInt8])
  case boolean(Bool)
  /// In seconds since 1970.
  case date(Int)
  /// Text beyond ASCII.
  case display(String)
}
