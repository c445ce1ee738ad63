import CPattern

// Safety: as with the database of all patterns, what the address stands for is only read.
/// What decides whether a pattern matches a text: an automaton in linear time wherever it can, and
/// otherwise an engine that goes back, within limits.
@safe final class Confirmation: Sendable {
  /// The address of an automaton; 0 if it takes more than one.
  private let automaton: UInt
  /// What looks around, refers back, or tells groups.
  private let backtracking: BacktrackingPattern?

  /// Whether the engine that goes back has the word.
  var isBacktracking: Bool { automaton == 0 }

  /// Of an expression; nil if it is none.
  init?(_ source: [UInt8], captures: Bool) {
    let flags = HS_FLAG_DOTALL | HS_FLAG_MULTILINE | HS_FLAG_ALLOWEMPTY | HS_FLAG_SINGLEMATCH
    var made: OpaquePointer?
    var fault: UnsafeMutablePointer<hs_compile_error_t>?
    let text = source + [0]
    // Safety: the text ends with a zero and outlives the call.
    let status =
      Confirmation.repeatsLong(source)
      ? HS_COMPILER_ERROR
      : unsafe text.withUnsafeBufferPointer { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self) {
          unsafe hs_compile(
            $0.baseAddress, UInt32(flags), UInt32(HS_MODE_BLOCK), nil, &made, &fault)
        }
      }
    unsafe hs_free_compile_error(fault)
    automaton = status == HS_SUCCESS ? UInt(bitPattern: made) : 0
    backtracking = captures || automaton == 0 ? BacktrackingPattern(source) : nil
    if automaton == 0, backtracking == nil { return nil }
  }

  /// Whether a count such as `{0,200}` stands in an expression: an automaton has a state for each
  /// number, and takes seconds to make.
  private static func repeatsLong(_ source: [UInt8]) -> Bool {
    var digits = 0
    var isInBraces = false
    for byte in source {
      if byte == UInt8(ascii: "{") {
        isInBraces = true
        digits = 0
      } else if isInBraces, byte &- 0x30 < 10 {
        digits += 1
        if digits >= 2 { return true }
      } else {
        if byte != UInt8(ascii: ",") { isInBraces = false }
        digits = 0
      }
    }
    return false
  }

  /// Of phrases, of which the one that matched is to be told.
  init?(phrases: [[UInt8]]) {
    var text: [UInt8] = []
    for phrase in phrases {
      if !text.isEmpty { text.append(UInt8(ascii: "|")) }
      for byte in phrase {
        text += Array("\\x".utf8)
        HexCoding.append(byte, to: &text)
      }
    }
    automaton = 0
    guard let pattern = BacktrackingPattern(text, isCaseless: true) else { return nil }
    backtracking = pattern
  }

  deinit {
    // Safety: made in `init`, and freed here alone.
    unsafe hs_free_database(OpaquePointer(bitPattern: automaton))
  }

  /// Makes `scratch` large enough; whether there was memory.
  func adds(to scratch: inout PatternScratch) -> Bool {
    automaton == 0 || scratch.grow(for: automaton)
  }

  /// Whether the pattern matches; if `captures`, `matcher` then knows the groups.
  func matches(
    _ text: Span<UInt8>, captures: Bool, _ matcher: Matcher, _ scratch: borrowing PatternScratch
  ) -> Bool {
    if automaton != 0 {
      var bits: UInt64 = 0
      // Safety: database and scratch live as long as their owners, the text as long as the call;
      // the one identifier is 0, for which there is room.
      let status = unsafe text.withUnsafeBufferPointer { bytes in
        unsafe shim_hs_scan(
          OpaquePointer(bitPattern: automaton), bytes.baseAddress, UInt32(bytes.count),
          scratch.pointer, &bits)
      }
      if status == HS_SUCCESS, bits == 0 { return false }
      guard captures, let backtracking else { return true }
      // The groups are for messages and for the next rules of a chain; the word is spoken.
      return backtracking.matches(text, matcher)
    }
    return backtracking?.matches(text, matcher) ?? true
  }
}
