import CPattern

/// Words that are looked for all at once, without regard to case.
enum WordAutomaton {
  /// The address of a database of `words`, whose identifiers may repeat; nil if there is none.
  static func compile(_ words: [(text: [UInt8], id: Int)]) -> UInt? {
    // An automaton of nothing is not taken; nobody looks for this word's identifier.
    let all = words.isEmpty ? [(text: Array("\u{1}\u{2}\u{3}\u{4}".utf8), id: 0)] : words
    var joined: [UInt8] = []
    var starts: [Int] = []
    for word in all {
      starts.append(joined.count)
      joined += word.text + [0]
    }
    let flags = [UInt32](
      repeating: UInt32(HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH), count: all.count)
    let ids = all.map { UInt32($0.id) }
    let lengths = all.map(\.text.count)
    var made: OpaquePointer?
    var fault: UnsafeMutablePointer<hs_compile_error_t>?
    // Safety: words, lengths, flags and identifiers outlive the call, and there are as many of
    // each; each word lies within `joined`.
    let status = unsafe joined.withUnsafeBufferPointer { bytes in
      let texts = unsafe starts.map { offset in
        unsafe bytes.baseAddress.map { base in
          unsafe UnsafeRawPointer(base + offset).assumingMemoryBound(to: CChar.self)
        }
      }
      return unsafe hs_compile_lit_multi(
        texts, flags, ids, lengths, UInt32(all.count), UInt32(HS_MODE_BLOCK), nil, &made, &fault)
    }
    unsafe hs_free_compile_error(fault)
    return status == HS_SUCCESS ? UInt(bitPattern: made) : nil
  }
}
