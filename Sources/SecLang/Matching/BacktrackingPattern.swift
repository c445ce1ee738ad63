import CPattern

// Safety: the library's object is only read once it is made; PCRE2 promises that compiled patterns
// may be shared between threads (pcre2api, "Multithreading"). Its address is kept as a number.
/// An expression that needs to look around, to refer back or to tell its groups, with a limit.
///
/// Its work is bounded by `effortMax` steps; what goes beyond counts as a match, so that a text
/// that is made to be slow is refused and not let through.
@safe final class BacktrackingPattern: Sendable {
  /// Most steps of one match, and the deepest nesting of them.
  static let effortMax: UInt32 = 200_000

  /// What came of looking at a text.
  enum Outcome { case matched, none, exhausted }

  private let code: UInt
  /// Whether the library made machine code of it.
  private let isCompiled: Bool

  /// Compiles `source`; nil if it is no expression. Bytes, lines and case are as rules have them.
  init?(_ source: [UInt8], isCaseless: Bool = false) {
    var fault: Int32 = 0
    var offset = 0
    let options =
      PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_NO_UTF_CHECK | (isCaseless ? PCRE2_CASELESS : 0)
    // Safety: the pattern's bytes outlive the call, and its length is told.
    let made = unsafe source.withUnsafeBufferPointer { bytes in
      unsafe pcre2_compile_8(
        bytes.baseAddress, bytes.count, UInt32(options) & ~UInt32(PCRE2_NO_UTF_CHECK), &fault,
        &offset, nil)
    }
    guard let made = unsafe made else { return nil }
    isCompiled = unsafe pcre2_jit_compile_8(made, UInt32(PCRE2_JIT_COMPLETE)) == 0
    code = UInt(bitPattern: made)
  }

  deinit {
    // Safety: made in `init`, and freed here alone.
    unsafe pcre2_code_free_8(OpaquePointer(bitPattern: code))
  }

  /// Looks at `text`; the groups are then in `matcher`.
  func match(_ text: Span<UInt8>, _ matcher: Matcher) -> Outcome {
    matcher.remember()
    // Safety: code and matcher live as long as their owners; the text outlives the call.
    let found = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe pcre2_match_8(
        OpaquePointer(bitPattern: code), bytes.baseAddress ?? matcher.empty, bytes.count, 0, 0,
        matcher.data, matcher.context)
    }
    if found >= 0 { return .matched }
    return found == PCRE2_ERROR_NOMATCH ? .none : .exhausted
  }

  /// Whether it matches; what is too much work counts as a match.
  func matches(_ text: Span<UInt8>, _ matcher: Matcher) -> Bool { match(text, matcher) != .none }
}
