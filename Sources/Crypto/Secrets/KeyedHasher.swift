import COpenSSL

/// HMAC-SHA-256 (RFC 2104) of short texts under one key, without a call to the allocator.
///
/// The states behind the padded key are made once and copied onto the stack for each text, so that
/// a code costs two blocks of SHA-256. Why not EVP: see `SHA256Hasher`.
public struct KeyedHasher: Sendable {
  private let inner: SHA256_CTX
  private let outer: SHA256_CTX

  private static let blockBytes = 64

  /// A hasher under `key`, which is hashed first if it is longer than a block (RFC 2104 §2).
  public init(key: SymmetricKey) {
    let short = key.withBytes { key in
      key.count > KeyedHasher.blockBytes
        ? SHA256Hasher().hash(key).bytes : (0..<key.count).map { key[$0] }
    }
    inner = KeyedHasher.state(short, 0x36)
    outer = KeyedHasher.state(short, 0x5C)
  }

  private static func state(_ key: [UInt8], _ pad: UInt8) -> SHA256_CTX {
    var block = [UInt8](repeating: pad, count: blockBytes)
    for (place, byte) in key.enumerated() { block[place] ^= byte }
    var state = SHA256_CTX()
    // Safety: the state is set up first, and the block is valid for its count.
    let isDone = unsafe block.withUnsafeBytes { block in
      unsafe SHA256_Init(&state) == 1
        && SHA256_Update(&state, block.baseAddress, block.count) == 1
    }
    precondition(isDone, "SHA-256 over memory cannot fail")
    return state
  }

  /// The code of `bytes`.
  public func hash(_ bytes: Span<UInt8>) -> Digest256 {
    // Safety: the span is valid for its count.
    unsafe bytes.withUnsafeBytes { unsafe hash($0) }
  }

  /// The code of a digest's 32 bytes.
  public func hash(_ digest: Digest256) -> Digest256 {
    let words = (
      digest.words.0.bigEndian, digest.words.1.bigEndian, digest.words.2.bigEndian,
      digest.words.3.bigEndian
    )
    // Safety: the words are read within the call.
    return unsafe withUnsafeBytes(of: words) { unsafe hash($0) }
  }

  private func hash(_ bytes: UnsafeRawBufferPointer) -> Digest256 {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var (first, second) = (inner, outer)
    // Safety: both states are copies that were set up; the target holds the 32 bytes of a digest.
    let isDone = unsafe withUnsafeMutableBytes(of: &words) { target in
      let room = unsafe target.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return unsafe SHA256_Update(&first, bytes.baseAddress, bytes.count) == 1
        && SHA256_Final(room, &first) == 1
        && SHA256_Update(&second, room, target.count) == 1
        && SHA256_Final(room, &second) == 1
    }
    precondition(isDone, "SHA-256 over memory cannot fail")
    return Digest256(
      words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
  }
}
