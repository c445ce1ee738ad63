import CPattern

// Safety: this object owns what the address stands for; as with `Matcher`, no two threads are here
// at once.
/// Room that the automatons need while they scan, for one request at a time.
@safe struct PatternScratch: ~Copyable, Sendable {
  private var address: UInt

  @unsafe var pointer: OpaquePointer? { unsafe OpaquePointer(bitPattern: address) }

  /// Room for scanning by the database at that address; nil if memory is short.
  init?(_ database: UInt) {
    address = 0
    if !grow(for: database) { return nil }
  }

  /// Makes it large enough for one more database; whether there was memory.
  mutating func grow(for database: UInt) -> Bool {
    // Safety: the database lives; what is allocated takes the place of what was, and is freed in
    // `deinit`.
    var made = unsafe OpaquePointer(bitPattern: address)
    let status = unsafe hs_alloc_scratch(OpaquePointer(bitPattern: database), &made)
    if status == HS_SUCCESS { address = UInt(bitPattern: made) }
    return status == HS_SUCCESS
  }

  deinit {
    // Safety: allocated in `grow`.
    unsafe hs_free_scratch(OpaquePointer(bitPattern: address))
  }
}
