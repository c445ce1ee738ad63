import Base
import HTTP

/// One field of a header block, its bytes in the arena that it was read into.
struct HPACKField {
  /// What a name is, and whether name and value hold what they may; kept with entries of the table
  /// so that nothing is looked at twice.
  struct Mark: Sendable {
    var id = FieldName.other
    var pseudo = PseudoField.none
    /// Why a request that holds the field is malformed, or nil.
    var fault: StaticString?

    /// Looks at a name (RFC 9113 §8.2.1).
    init(name: Span<UInt8>) {
      guard name.count > 0 else {
        fault = "empty field name"
        return
      }
      if name[0] == 0x3A {
        pseudo = PseudoField(name)
        return
      }
      for index in name.indices {
        let byte = name[index]
        guard ByteClass.token.contains(byte), byte &- 0x41 >= 26 else {
          fault = byte &- 0x41 < 26 ? "capital in a field name" : "field name is not a token"
          return
        }
      }
      id = FieldName(name)
    }

    /// Looks at a value: no control characters, no white space around it (RFC 9113 §8.2.1).
    mutating func note(value: Span<UInt8>) {
      for index in value.indices where !ASCII.isFieldValue(value[index]) {
        fault = "control character in a field value"
        return
      }
      if value.count > 0,
        FieldReader.isSpace(value[0]) || FieldReader.isSpace(value[value.count - 1])
      {
        fault = "white space around a field value"
      }
    }
  }

  var name: Slice
  var value: Slice
  var mark: Mark

  /// What the field counts for in the size of a list (RFC 9113 §6.5.2).
  var listBytes: Int { Int(name.count) + Int(value.count) + 32 }
}

/// The fields that stand for a request's or a response's first line (RFC 9113 §8.3).
enum PseudoField: UInt8, Sendable {
  case none, method, scheme, path, authority, `protocol`, status, unknown

  /// The field of a name that begins with a colon.
  init(_ name: Span<UInt8>) {
    self =
      switch name.count {
      case 5: ASCII.equals(name, ":path") ? .path : .unknown
      case 7:
        ASCII.equals(name, ":method")
          ? .method
          : ASCII.equals(name, ":scheme")
            ? .scheme : ASCII.equals(name, ":status") ? .status : .unknown
      case 9: ASCII.equals(name, ":protocol") ? .protocol : .unknown
      case 10: ASCII.equals(name, ":authority") ? .authority : .unknown
      default: .unknown
      }
  }
}
