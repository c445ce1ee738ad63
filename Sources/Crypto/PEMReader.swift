import COpenSSL

/// Reads PEM text (RFC 7468) without ever asking a terminal for a passphrase.
///
/// OpenSSL's own way to get one is to ask; each reading gets a callback that knows none instead.
enum PEMReader {
  static let byteCountMax = 1 << 20

  /// Throws if `pem` is too long or no PEM text at all.
  static func check(_ pem: Span<UInt8>, for part: CertificatePart) throws(CertificateError) {
    guard pem.count <= byteCountMax else { throw .tooLarge(part) }
    guard contains(pem, "-----BEGIN ") else { throw .notPEM(part) }
  }

  /// Whether `text` occurs in `bytes`.
  static func contains(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    var start = 0
    while start + count <= bytes.count {
      var matched = 0
      // Safety: `matched` is below the static string's count.
      while matched < count, unsafe bytes[start + matched] == text.utf8Start[matched] {
        matched += 1
      }
      if matched == count { return true }
      start += 1
    }
    return false
  }

  /// The certificates before the first damaged one, and whether there was none.
  @unsafe
  static func certificates(_ pem: UnsafeRawBufferPointer) -> ([Certificate], isComplete: Bool) {
    // Safety: every certificate that is read is owned by the object made from it.
    unsafe all(pem) { input in
      unsafe PEM_read_bio_X509(input, nil, { _, _, _, _ in -1 }, nil).map {
        unsafe Certificate(owning: $0)
      }
    }
  }

  /// The revocation lists before the first damaged one, and whether there was none.
  @unsafe
  static func revocationLists(
    _ pem: UnsafeRawBufferPointer
  ) -> ([RevocationList], isComplete: Bool) {
    // Safety: every list that is read is owned by the object made from it.
    unsafe all(pem) { input in
      unsafe PEM_read_bio_X509_CRL(input, nil, { _, _, _, _ in -1 }, nil).map {
        unsafe RevocationList(owning: $0)
      }
    }
  }

  @unsafe
  private static func all<Part>(
    _ pem: UnsafeRawBufferPointer, _ next: (OpaquePointer) -> Part?
  ) -> ([Part], isComplete: Bool) {
    var found: [Part] = []
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: as the callers' word for `next`, and for the text.
    unsafe MemoryBIO.reading(pem) { input -> Void? in
      while let part = unsafe next(input) { found.append(part) }
      return ()
    }
    let last = ERR_peek_last_error()
    let isAtEnd =
      shim_ERR_GET_LIB(last) == ERR_LIB_PEM && shim_ERR_GET_REASON(last) == PEM_R_NO_START_LINE
    return (found, isAtEnd)
  }

  /// The first private key, which the caller then owns.
  @unsafe
  static func privateKey(_ pem: UnsafeRawBufferPointer) -> OpaquePointer? {
    ERR_clear_error()
    defer { ERR_clear_error() }
    // Safety: the key is handed to the caller.
    return unsafe MemoryBIO.reading(pem) {
      unsafe PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil)
    }
  }
}
