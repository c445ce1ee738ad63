import Base

/// What is asked of a name server: a name and a type of record.
struct ResolverQuestion: Hashable, Sendable {
  /// Types of records (RFC 1035 §3.2.2, RFC 3596 §2.1) that are asked for or followed.
  enum RecordType: UInt16 {
    case a = 1
    case alias = 5
    case aaaa = 28
  }

  /// A name that `HostAddress` found valid, absolute, in lower case and without a trailing dot.
  let name: String
  let type: RecordType

  /// The bytes of the query (RFC 1035 §4.1), recursion desired.
  func query(id: UInt16) -> [UInt8] {
    var bytes = ByteBuffer(capacity: 512)
    func append(_ number: UInt16) {
      bytes.append(UInt8(number >> 8))
      bytes.append(UInt8(number & 0xFF))
    }
    append(id)
    append(0x0100)
    append(1)
    append(0)
    append(0)
    append(0)
    for label in name.utf8.split(separator: UInt8(ascii: ".")) {
      precondition(label.count <= 63, "names are validated before")
      bytes.append(UInt8(label.count))
      for byte in label { bytes.append(byte) }
    }
    bytes.append(0)
    append(type.rawValue)
    append(1)
    let count = bytes.count
    return Array(bytes.takeStorage().prefix(count))
  }
}
