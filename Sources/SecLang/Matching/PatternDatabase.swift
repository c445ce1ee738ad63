import CPattern

// Safety: the database is only read once it is made, and may then be shared (Vectorscan's
// developer guide, "Scanning"). Its address is kept as a number.
/// All patterns of the rules: one pass over a text says which of them may match.
///
/// From each expression the words are taken that its matches must hold; one automaton looks for
/// all of them at once, and for the phrases of the rules. Kinds of bytes that a match needs are
/// asked for too. What may match is confirmed by the expression itself.
@safe final class PatternDatabase: Sendable {
  /// How many patterns there are.
  let count: Int
  /// What decides on a pattern once it may match; nil if the words are all there is to it.
  let confirmations: [Confirmation?]
  /// What a text must hold for each pattern to match.
  let needs: [TextTraits]
  /// Patterns that need no words, as bits.
  private let wordless: [UInt64]
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
    var needs = [TextTraits](repeating: .all, count: sources.count)
    var wordless = [UInt64](repeating: 0, count: (sources.count + 63) / 64)
    var untold: [Int] = []
    var words: [(text: [UInt8], id: Int)] = []
    for (place, source) in sources.enumerated() {
      switch source {
      case .phrases(let phrases):
        for phrase in phrases { words.append((phrase, place)) }
        if capturing.contains(place) { confirmations[place] = Confirmation(phrases: phrases) }
      case .expression(let text):
        guard let exact = Confirmation(text) else { throw PatternDatabaseFault(place) }
        confirmations[place] = exact
        let required = RequiredText(text)
        if let bytes = required.bytes { needs[place] = TextTraits.of(bytes) }
        for word in required.words { words.append((word, place)) }
        if required.words.isEmpty {
          wordless[place >> 6] |= 1 << UInt64(place & 63)
          if required.bytes == nil { untold.append(place) }
        }
      }
    }
    self.confirmations = confirmations
    self.needs = needs
    self.wordless = wordless
    self.untold = untold
    guard let made = WordAutomaton.compile(words) else { throw PatternDatabaseFault(0) }
    database = made
  }

  deinit {
    // Safety: made in `init`, and freed here alone.
    unsafe hs_free_database(OpaquePointer(bitPattern: database))
  }

  /// Room for scanning, for one request at a time; nil if memory is short.
  func scratch() -> PatternScratch? { PatternScratch(database) }

  /// Sets the bit of each pattern that may match `text`, which has `traits`, in `bits`, from
  /// `offset` on.
  func scan(
    _ text: Span<UInt8>, _ traits: TextTraits, _ bits: inout [UInt64], from offset: Int,
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
    let isBlind = status != HS_SUCCESS
    for word in 0..<wordCount {
      var left = isBlind ? .max : bits[offset + word] | wordless[word]
      var kept = left
      while left != 0 {
        let place = word << 6 + left.trailingZeroBitCount
        if place < count, traits.isDisjoint(with: needs[place]) {
          kept &= ~(left & (0 &- left))
        }
        left &= left - 1
      }
      bits[offset + word] = kept
    }
  }
}

/// The place of a source that is no pattern.
struct PatternDatabaseFault: Error {
  let place: Int
  init(_ place: Int) { self.place = place }
}
