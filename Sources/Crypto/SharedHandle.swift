/// The pointer to an OpenSSL object that several threads may read, since nobody changes it.
///
/// OpenSSL counts references atomically and guards what it caches lazily by a lock of its own, so
/// that certificates, keys and contexts may be shared once they are set up (openssl-threads(7)).
/// This is the one place where that promise is made; whoever stores a handle keeps it.
@safe package struct SharedHandle: @unchecked Sendable {
  @unsafe package let pointer: OpaquePointer

  /// Wraps `pointer`, whose object must not be changed from now on.
  @unsafe package init(_ pointer: OpaquePointer) {
    // Safety: the pointer is only stored.
    unsafe self.pointer = pointer
  }
}
