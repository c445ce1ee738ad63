import COpenSSL

/// A secret that two sides share: never printed, and wiped when nobody holds it any more.
public final class SymmetricKey: Sendable {
  private let bytes: [UInt8]

  /// Takes over a copy of `bytes`.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  deinit {
    // Safety: the bytes are written for the last time, by their last holder, and are not shared
    // unless the caller kept them.
    unsafe bytes.withUnsafeBytes {
      unsafe OPENSSL_cleanse(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
    }
  }

  /// How many bytes it has.
  public var count: Int { bytes.count }

  /// The bytes, for the length of a call.
  package func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let bytes = self.bytes
    return body(bytes.span)
  }
}

extension SymmetricKey: CustomStringConvertible {
  public var description: String { "a secret of \(bytes.count) bytes" }
}
