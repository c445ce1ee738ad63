public import Crypto
import Formats

/// How entries of the journal hold on to each other.
///
/// A line is a JSON text that has its number and the hash of the line before; its own hash is the
/// SHA-256 of the line. So whoever has the lines can check the chain, and whoever has the key can
/// also check that the gateway itself made it.
public struct JournalChain: Sendable {
  private let hasher: KeyedHasher?

  /// A chain whose seals are made with `key`, or not looked at without one.
  public init(key: SymmetricKey?) { hasher = key.map { KeyedHasher(key: $0) } }

  /// The hash before the first line.
  static let start = [UInt8](repeating: 0, count: 32)

  /// The line of an entry behind the one with this number and hash.
  func line(_ value: JSONValue, after sequence: Int, hash: [UInt8]?) -> String {
    JSONValue.object(
      [
        JSONMember("sequence", .integer(sequence + 1)),
        JSONMember("previous", .string(JournalChain.hex(hash ?? JournalChain.start))),
      ] + value.members
    ).serialized
  }

  /// The hash and the seal of a line.
  func link(_ line: String) -> (hash: [UInt8], seal: [UInt8]) {
    let hash = SHA256Hasher().hash(line.utf8.span)
    return (hash.bytes, hasher?.hash(hash).bytes ?? [])
  }

  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
