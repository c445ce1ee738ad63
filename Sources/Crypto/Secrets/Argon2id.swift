import CArgon2

/// Argon2id (RFC 9106): keys and hashes from passwords, at a cost that guessing has to pay as well.
public struct Argon2id: Hashable, Sendable {
  /// How much memory, in KiB.
  public let memoryKibibytes: UInt32
  /// How often the memory is gone over.
  public let passes: UInt32
  /// How many lanes could be computed at once; they are computed one after another here.
  public let lanes: UInt32

  /// A cost.
  public init(memoryKibibytes: UInt32, passes: UInt32, lanes: UInt32) {
    self.memoryKibibytes = memoryKibibytes
    self.passes = passes
    self.lanes = lanes
  }

  /// RFC 9106 §4, the second recommended option: 64 MiB, three passes, four lanes.
  public static let standard = Argon2id(memoryKibibytes: 65_536, passes: 3, lanes: 4)

  /// Longest password, in bytes.
  public static let passwordBytesMax = 1024
  /// More memory than this no hash may ask for, whoever wrote it, in KiB.
  private static let memoryMax: UInt32 = 1_048_576

  /// `count` bytes from a password and a salt of at least eight bytes (RFC 9106 §3.1).
  public func key(
    password: Span<UInt8>, salt: Span<UInt8>, count: Int
  ) throws(CryptoError) -> [UInt8] {
    guard password.count <= Argon2id.passwordBytesMax, salt.count >= 8, count >= 16,
      memoryKibibytes <= Argon2id.memoryMax
    else { throw .unavailable("Argon2id with such a password or salt") }
    var key = [UInt8](repeating: 0, count: count)
    // Safety: all three are valid for their counts during the call.
    let result = unsafe password.withUnsafeBytes { password in
      unsafe salt.withUnsafeBytes { salt in
        unsafe key.withUnsafeMutableBytes { target in
          unsafe argon2id_hash_raw(
            passes, memoryKibibytes, lanes, password.baseAddress, password.count,
            salt.baseAddress, salt.count, target.baseAddress, target.count)
        }
      }
    }
    guard result == 0 else { throw .unavailable("Argon2id") }
    return key
  }
}
