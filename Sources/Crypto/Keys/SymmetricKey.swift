import COpenSSL

/// A secret that two sides share: never printed, and wiped when nobody holds it any more.
public final class SymmetricKey: Sendable {
  private let bytes: [UInt8]

  /// Keeps a copy of `bytes` in storage of its own.
  public init(_ bytes: [UInt8]) {
    // Safety: the buffer is copied during the call.
    self.bytes = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }

  deinit {
    // Safety: the storage is this object's own, and lent as spans alone, which have ended: nobody
    // reads it any more.
    unsafe bytes.withUnsafeBytes {
      unsafe OPENSSL_cleanse(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
    }
  }

  /// How many bytes it has.
  public var count: Int { bytes.count }

  /// The bytes, for the length of a call.
  public func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let bytes = self.bytes
    return body(bytes.span)
  }
}

extension SymmetricKey: CustomStringConvertible {
  public var description: String { "a secret of \(bytes.count) bytes" }
}
