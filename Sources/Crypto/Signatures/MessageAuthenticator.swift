import COpenSSL

/// Authenticates messages under a shared secret with HMAC (RFC 2104); shared between threads.
public final class MessageAuthenticator: Sendable {
  /// The hash function that HMAC is made with.
  public let hash: HashFunction
  private let key: SymmetricKey

  /// Throws if the secret is shorter than the hash (RFC 7518 §3.2).
  public init(_ key: SymmetricKey, _ hash: HashFunction) throws(KeyError) {
    guard key.count >= hash.byteCount else {
      throw .tooShort(bytes: key.count, least: hash.byteCount)
    }
    self.key = key
    self.hash = hash
  }

  /// The authentication code of `message`. Compare codes by `verify` alone.
  public func code(_ message: Span<UInt8>) -> [UInt8] {
    key.withBytes { HMAC.code(message, key: $0, hash) }
  }

  /// Whether `code` is that of `message`, in a time that does not depend on where it differs.
  public func verify(_ code: Span<UInt8>, of message: Span<UInt8>) -> Bool {
    ConstantTime.equals(self.code(message).span, code)
  }
}
