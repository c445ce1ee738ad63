import Crypto
import Formats

/// How a backup is sealed: chunks in a row, each under the backup's own key with its number, so
/// that none can be left out, put elsewhere, or cut off.
///
/// The first line says how the key is got: from a passphrase, or by the store's master key.
public enum BackupFile {
  /// Whence the key of a backup comes.
  public enum Opener: Sendable {
    case passphrase(String)
    case masters([any MasterKey])
  }

  static let magic = "gatehouse backup 1 "
  private static let keyBytes = 32
  private static let saltBytes = 16
  private static let wrapContext = "gatehouse backup"
  /// Longest first line, in bytes.
  private static let headBytesMax = 4096
  /// Longest chunk, in bytes.
  static let chunkBytesMax = 64 * 1024 * 1024

  /// A new key, and the first line that leads to it.
  static func makeKey(_ opener: Opener) throws(StoreError) -> (key: SymmetricKey, head: [UInt8]) {
    switch opener {
    case .passphrase(let text):
      guard let salt = try? SecureRandom.bytes(saltBytes) else {
        throw .unusable("the random number generator failed")
      }
      let head: JSONValue = [
        "key": "argon2id", "salt": .string(Base64.encode(salt.span)),
        "memory": .integer(Int(Argon2id.standard.memoryKibibytes)),
        "passes": .integer(Int(Argon2id.standard.passes)),
        "lanes": .integer(Int(Argon2id.standard.lanes)),
      ]
      return (try derive(text, salt, .standard), line(head))
    case .masters(let masters):
      guard let bytes = try? SecureRandom.bytes(keyBytes), let master = masters.first else {
        throw .unusable("the random number generator failed")
      }
      let key = SymmetricKey(bytes)
      let wrapped = try master.wrap(key, context: wrapContext)
      return (
        key,
        line([
          "key": "master", "master": .string(master.id),
          "wrapped": .string(Base64.encode(wrapped.span)),
        ])
      )
    }
  }

  private static func line(_ head: JSONValue) -> [UInt8] {
    Array((magic + head.serialized + "\n").utf8)
  }

  private static func derive(
    _ passphrase: String, _ salt: [UInt8], _ cost: Argon2id
  ) throws(StoreError) -> SymmetricKey {
    do {
      return SymmetricKey(
        try cost.key(password: passphrase.utf8.span, salt: salt.span, count: keyBytes))
    } catch {
      throw .unusable("the passphrase cannot be used: \(error)")
    }
  }

  /// The key of a backup that begins with `bytes`, and where its chunks begin.
  static func openKey(
    _ bytes: [UInt8], _ opener: Opener
  ) throws(StoreError) -> (key: SymmetricKey, start: Int) {
    guard let end = bytes.prefix(headBytesMax).firstIndex(of: 0x0A),
      bytes.starts(with: magic.utf8),
      let head = try? JSONValue(parsing: Array(bytes[magic.utf8.count..<end]))
    else { throw .damaged("this is no backup of Gatehouse") }
    switch (head["key"]?.string, opener) {
    case ("argon2id", .passphrase(let text)):
      guard let salt = head["salt"]?.string.flatMap({ Base64.decode($0.utf8.span) }),
        let memory = head["memory"]?.integer, (8...1_048_576).contains(memory),
        let passes = head["passes"]?.integer, (1...64).contains(passes),
        let lanes = head["lanes"]?.integer, (1...64).contains(lanes)
      else { throw .damaged("the first line of the backup is not one") }
      let cost = Argon2id(
        memoryKibibytes: UInt32(memory), passes: UInt32(passes), lanes: UInt32(lanes))
      return (try derive(text, salt, cost), end + 1)
    case ("master", .masters(let masters)):
      guard let id = head["master"]?.string,
        let wrapped = head["wrapped"]?.string.flatMap({ Base64.decode($0.utf8.span) })
      else { throw .damaged("the first line of the backup is not one") }
      guard let master = masters.first(where: { $0.id == id }) else {
        throw .unusable("the backup is sealed by the master key \(id), which is not there")
      }
      return (try master.unwrap(wrapped, context: wrapContext), end + 1)
    case ("argon2id", .masters): throw .unusable("the backup is sealed by a passphrase")
    default: throw .unusable("the backup is sealed by a master key, not by a passphrase")
    }
  }

  private static func associated(_ number: Int, isLast: Bool) -> String {
    "gatehouse backup chunk \(number)\(isLast ? " last" : "")"
  }

  /// A chunk with its length.
  static func seal(
    _ value: JSONValue, number: Int, isLast: Bool, key: SymmetricKey
  ) throws(StoreError) -> [UInt8] {
    let identity = associated(number, isLast: isLast)
    guard
      let sealed = try? SealedBytes.seal(
        value.serialized.utf8.span, key: key, associated: identity.utf8.span)
    else { throw .unusable("the cryptographic library cannot seal a backup") }
    let length = (0..<4).map { UInt8(truncatingIfNeeded: sealed.count >> (24 - 8 * $0)) }
    return length + sealed
  }

  /// The chunk at a place, whether it is the last, and where the next one begins.
  static func open(
    _ bytes: [UInt8], at start: Int, number: Int, key: SymmetricKey
  ) throws(StoreError) -> (value: JSONValue, isLast: Bool, next: Int) {
    guard bytes.count - start >= 4 else { throw .damaged("the backup ends too early") }
    let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= chunkBytesMax, bytes.count - start - 4 >= length else {
      throw .damaged("the backup ends too early")
    }
    let sealed = bytes.span.extracting(start + 4..<start + 4 + length)
    for isLast in [false, true] {
      let identity = associated(number, isLast: isLast)
      guard let text = SealedBytes.open(sealed, key: key, associated: identity.utf8.span)
      else { continue }
      guard let value = try? JSONValue(parsing: text, limits: .document) else {
        throw .damaged("chunk \(number) of the backup is no JSON")
      }
      return (value, isLast, start + 4 + length)
    }
    throw .damaged(
      number == 0
        ? "the backup cannot be opened: it is another key's, or was changed"
        : "chunk \(number) of the backup was changed")
  }
}
