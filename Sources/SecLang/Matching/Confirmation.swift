import CPattern
import Synchronization

// Safety: as with the database of all patterns, what the address stands for is only read, and it
// never changes once it is there.
/// What decides whether a pattern matches a text.
///
/// An engine that goes back is asked first: it is made at once, and quick on texts that are not
/// made to be slow. A text that takes it too long has an automaton made, which decides from then
/// on, in linear time.
@safe final class Confirmation: Sendable {
  private let source: [UInt8]
  private let backtracking: BacktrackingPattern
  /// The address of the automaton; 0 while there is none.
  private let automaton = Atomic<UInt>(0)
  /// Whether an automaton was tried to be made.
  private let wasTried = Mutex<Bool>(false)

  /// Of an expression; nil if it is none.
  init?(_ source: [UInt8]) {
    guard let pattern = BacktrackingPattern(source) else { return nil }
    backtracking = pattern
    self.source = source
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
    guard let pattern = BacktrackingPattern(text, isCaseless: true) else { return nil }
    backtracking = pattern
    source = Array("(?i)".utf8) + text
  }

  deinit {
    // Safety: made by `makeAutomaton`, and freed here alone.
    unsafe hs_free_database(OpaquePointer(bitPattern: automaton.load(ordering: .acquiring)))
  }

  /// Whether an automaton has the word.
  var isLinear: Bool { automaton.load(ordering: .acquiring) != 0 }

  /// Whether the pattern matches; if `captures`, `matcher` then knows the groups as far as they
  /// could be told.
  func matches(
    _ text: Span<UInt8>, captures: Bool, _ matcher: Matcher, _ scratch: inout PatternScratch
  ) -> Bool {
    var address = automaton.load(ordering: .acquiring)
    if address == 0 {
      switch backtracking.match(text, matcher) {
      case .matched: return true
      case .none: return false
      case .exhausted:
        matcher.forget()
        address = makeAutomaton()
        // What nobody can decide counts as a match, so that a text made to be slow is refused.
        if address == 0 { return true }
      }
    }
    guard scratch.grow(for: address), finds(text, address, scratch) else { return false }
    // The groups are for messages and for the next rules of a chain; the word is spoken.
    if captures, backtracking.match(text, matcher) != .matched { matcher.forget() }
    return true
  }

  /// Whether the automaton finds the pattern; a scan that fails counts as a match.
  private func finds(
    _ text: Span<UInt8>, _ address: UInt, _ scratch: borrowing PatternScratch
  ) -> Bool {
    var bits: UInt64 = 0
    // Safety: database and scratch live as long as their owners, the text as long as the call;
    // the one identifier is 0, for which there is room.
    let status = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe shim_hs_scan(
        OpaquePointer(bitPattern: address), bytes.baseAddress, UInt32(bytes.count),
        scratch.pointer, &bits)
    }
    return status != HS_SUCCESS || bits != 0
  }

  /// The address of the automaton, made once; 0 if the expression cannot have one.
  private func makeAutomaton() -> UInt {
    wasTried.withLock { wasTried in
      if wasTried { return automaton.load(ordering: .acquiring) }
      wasTried = true
      let address = Confirmation.automaton(of: source)
      automaton.store(address, ordering: .releasing)
      return address
    }
  }

  private static func automaton(of source: [UInt8]) -> UInt {
    if repeatsLong(source) { return 0 }
    let flags = HS_FLAG_DOTALL | HS_FLAG_MULTILINE | HS_FLAG_ALLOWEMPTY | HS_FLAG_SINGLEMATCH
    var made: OpaquePointer?
    var fault: UnsafeMutablePointer<hs_compile_error_t>?
    let text = source + [0]
    // Safety: the text ends with a zero and outlives the call.
    let status = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe hs_compile(
          $0.baseAddress, UInt32(flags), UInt32(HS_MODE_BLOCK), nil, &made, &fault)
      }
    }
    unsafe hs_free_compile_error(fault)
    return status == HS_SUCCESS ? UInt(bitPattern: made) : 0
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
}
