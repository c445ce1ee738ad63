import COpenSSL

/// The content of ASN.1 strings.
enum ASN1Text {
  /// The raw bytes of `string`.
  @unsafe
  static func bytes(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
    // Safety: an ASN.1 string is valid for its length.
    let start = unsafe ASN1_STRING_get0_data(string)
    return unsafe Array(
      UnsafeBufferPointer(start: start, count: max(0, Int(ASN1_STRING_length(string)))))
  }

  /// The text of `string` from whatever encoding it is in; nil if it is none or holds a NUL.
  @unsafe
  static func utf8(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
    var text: UnsafeMutablePointer<UInt8>?
    // Safety: OpenSSL allocates the text, says its length, and it is freed here.
    let count = unsafe ASN1_STRING_to_UTF8(&text, string)
    guard count >= 0, let text = unsafe text else { return nil }
    defer { unsafe CRYPTO_free(text, nil, 0) }
    let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(count))
    return unsafe bytes.contains(0) ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
