import COpenSSL

/// OpenSSL's input and output over memory, for the functions that know no other.
enum MemoryBIO {
  /// What `body` writes; nil if it says that it failed.
  @unsafe
  static func bytes(_ body: (OpaquePointer) -> Bool) -> [UInt8]? {
    // Safety: the output is owned here; its data is copied before it is freed.
    guard let output = unsafe BIO_new(BIO_s_mem()) else { return nil }
    defer { unsafe BIO_free_all(output) }
    guard unsafe body(output) else { return nil }
    var start: UnsafeMutablePointer<CChar>?
    let count = unsafe shim_BIO_get_mem_data(output, &start)
    let raw = unsafe UnsafeRawBufferPointer(start: start, count: max(0, count))
    return unsafe [UInt8](raw)
  }

  /// What `body` writes, as text; empty if it says that it failed.
  @unsafe
  static func text(_ body: (OpaquePointer) -> Bool) -> String {
    // Safety: as the caller's word for `body`.
    String(decoding: unsafe bytes(body) ?? [], as: UTF8.self)
  }

  /// Lets `body` read `bytes`, which must outlive the call.
  @unsafe
  static func reading<T>(_ bytes: UnsafeRawBufferPointer, _ body: (OpaquePointer) -> T?) -> T? {
    // Safety: the input only points at `bytes` and is freed before they go.
    guard let input = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
    else { return nil }
    defer { unsafe BIO_free_all(input) }
    return unsafe body(input)
  }
}
