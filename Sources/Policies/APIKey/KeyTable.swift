import Crypto
import PolicyKit

/// Hashes of keys in an open-addressing table: one probe finds a key among a hundred thousand.
///
/// The place comes from the hash's own bits: who could choose them could break SHA-256.
final class KeyTable: Sendable {
  private struct Entry: Sendable {
    var digest: Digest256?
    var credential: Int
  }

  private let entries: [Entry]
  private let mask: Int

  init(_ credentials: [ConsumerDirectory.Credential]) {
    var size = 16
    while size < credentials.count * 2 { size *= 2 }
    mask = size - 1
    var entries = Array(repeating: Entry(digest: nil, credential: -1), count: size)
    for (index, credential) in credentials.enumerated() {
      let words = [
        credential.digest.0, credential.digest.1, credential.digest.2, credential.digest.3,
      ]
      let bytes = words.flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
      }
      guard let digest = Digest256(bytes: bytes.span) else { continue }
      var place = KeyTable.place(digest) & mask
      while entries[place].digest != nil { place = (place + 1) & mask }
      entries[place] = Entry(digest: digest, credential: index)
    }
    self.entries = entries
  }

  private static func place(_ digest: Digest256) -> Int {
    Int(digest[0]) << 16 | Int(digest[1]) << 8 | Int(digest[2])
  }

  /// The place of the credential with this hash, or nil; hashes are compared in constant time.
  func credential(_ digest: Digest256) -> Int? {
    var place = KeyTable.place(digest) & mask
    while let held = entries[place].digest {
      if held.constantTimeEquals(digest) { return entries[place].credential }
      place = (place + 1) & mask
    }
    return nil
  }
}
