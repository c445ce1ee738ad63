public import Crypto
import Formats

/// A master key that the process holds itself, from a file or the environment.
public struct LocalMasterKey: MasterKey {
  /// What tells it from others.
  public let id: String
  private let key: SymmetricKey

  /// How many bytes it has.
  public static let byteCount = 32

  /// A key of exactly 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == LocalMasterKey.byteCount else { return nil }
    key = SymmetricKey(bytes)
    // A digest under the key itself: it tells keys apart and is of no help in finding one.
    let name = KeyedHasher(key: key).hash("gatehouse master key".utf8.span)
    id = "local-" + name.hex.prefix(16)
  }

  /// Reads a key as it is written in a file: 64 hexadecimal digits, or base64 of 32 bytes.
  public init?(text: String) {
    var trimmed = text[...]
    while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
    if let digest = Digest256(hex: String(trimmed)) {
      self.init(bytes: digest.bytes)
    } else if let bytes = Base64.decode(String(trimmed).utf8.span, .standard) {
      self.init(bytes: bytes)
    } else {
      return nil
    }
  }

  /// The text of a new key, as it is written to a file.
  public static func makeText() throws(CryptoError) -> String {
    let bytes = try SecureRandom.bytes(byteCount)
    return bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined() + "\n"
  }

  /// A data key under this key.
  public func wrap(_ data: SymmetricKey, context: String) throws(StoreError) -> [UInt8] {
    let sealed = data.withBytes { data in
      try? SealedBytes.seal(data, key: key, associated: context.utf8.span)
    }
    guard let sealed else { throw .unusable("the cryptographic library cannot seal a key") }
    return sealed
  }

  /// What was wrapped.
  public func unwrap(_ wrapped: [UInt8], context: String) throws(StoreError) -> SymmetricKey {
    guard let bytes = SealedBytes.open(wrapped.span, key: key, associated: context.utf8.span)
    else { throw .damaged("a data key (\(context)) cannot be opened by the master key \(id)") }
    return SymmetricKey(bytes)
  }
}
