import CPattern

// Safety: the database is only read once it is made, and may then be shared (Vectorscan's
// developer guide, "Scanning"). Its address is kept as a number.
/// All patterns of the rules: one pass over a text says which of them may match.
///
/// From each expression the words are taken that its matches must hold; one automaton looks for
/// all of them at once, and for the phrases of the rules. Where no word is needed, the bytes are
/// that a match needs. What may match is confirmed by the expression itself.
@safe final class PatternDatabase: Sendable {
  /// How many patterns there are.
  let count: Int
  /// What decides on a pattern once it may match; nil if the words are all there is to it.
  let confirmations: [Confirmation?]
  /// Patterns that need bytes and no words.
  private let byBytes: [(place: Int, bytes: ByteSet)]
  /// Patterns that any text may match.
  let untold: [Int]

  private let database: UInt

  /// How many 64-bit words the bits of all patterns take.
  var wordCount: Int { (count + 63) / 64 }

  /// Compiles `sources`; those in `capturing` get what tells their groups. Throws the place of the
  /// first that is no pattern.
  init(_ sources: [PatternSource], capturing: Set<Int>) throws(PatternDatabaseFault) {
    count = sources.count
    var confirmations = [Confirmation?](repeating: nil, count: sources.count)
    var byBytes: [(place: Int, bytes: ByteSet)] = []
    var untold: [Int] = []
    var words: [(text: [UInt8], id: Int)] = []
    for (place, source) in sources.enumerated() {
      let captures = capturing.contains(place)
      switch source {
      case .phrases(let phrases):
        for phrase in phrases { words.append((phrase, place)) }
        if captures { confirmations[place] = Confirmation(phrases: phrases) }
      case .expression(let text):
        guard let exact = Confirmation(text, captures: captures) else {
          throw PatternDatabaseFault(place)
        }
        confirmations[place] = exact
        let required = RequiredText(text)
        if !required.words.isEmpty {
          for word in required.words { words.append((word, place)) }
        } else if let bytes = required.bytes {
          byBytes.append((place, bytes))
        } else {
          untold.append(place)
        }
      }
    }
    self.confirmations = confirmations
    self.byBytes = byBytes
    self.untold = untold
    guard let made = WordAutomaton.compile(words) else { throw PatternDatabaseFault(0) }
    database = made
  }

  deinit {
    // Safety: made in `init`, and freed here alone.
    unsafe hs_free_database(OpaquePointer(bitPattern: database))
  }

  /// Room for scanning, for one request at a time; nil if memory is short.
  func scratch() -> PatternScratch? {
    guard var scratch = PatternScratch(database) else { return nil }
    for confirmation in confirmations {
      guard confirmation?.adds(to: &scratch) ?? true else { return nil }
    }
    return scratch
  }

  /// Sets the bit of each pattern that may match `text` in `bits`, from `offset` on.
  func scan(
    _ text: Span<UInt8>, _ bits: inout [UInt64], from offset: Int,
    _ scratch: borrowing PatternScratch
  ) {
    precondition(offset + wordCount <= bits.count, "room for a bit of each pattern")
    // Safety: the database and the scratch made for it live as long as their owners; the bits have
    // room for all identifiers, as was checked; the text outlives the call.
    let status = unsafe bits.withUnsafeMutableBufferPointer { words in
      unsafe text.withUnsafeBufferPointer { bytes in
        unsafe shim_hs_scan(
          OpaquePointer(bitPattern: database), bytes.baseAddress, UInt32(bytes.count),
          scratch.pointer, words.baseAddress.map { unsafe $0 + offset })
      }
    }
    // A scan that fails knows nothing: all patterns may match.
    guard status == HS_SUCCESS else {
      for word in offset..<offset + wordCount { bits[word] = .max }
      return
    }
    var held = ByteSet()
    for at in text.indices { held.insert(text[at]) }
    for pattern in byBytes where !pattern.bytes.isDisjoint(with: held) {
      bits[offset + pattern.place >> 6] |= 1 << UInt64(pattern.place & 63)
    }
    for place in untold { bits[offset + place >> 6] |= 1 << UInt64(place & 63) }
  }
}

/// The place of a source that is no pattern.
struct PatternDatabaseFault: Error {
  let place: Int
  init(_ place: Int) { self.place = place }
}
