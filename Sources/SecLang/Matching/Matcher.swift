import CPattern
import Synchronization

// Safety: this object owns what the addresses stand for. Who has it has the request that is looked
// at, which is never copied, so that no two threads are here at once; it is Sendable so that the
// next request may be looked at by another thread.
/// Room for matching, for one request at a time.
@safe final class Matcher: Sendable {
  /// Most groups that are told, the whole match among them.
  static let groupsMax = 10

  /// Whether the groups of the last match could not be told.
  private let isForgotten = Atomic<Bool>(false)
  private let dataAddress: UInt
  private let contextAddress: UInt
  private let emptyAddress: UInt

  @unsafe var data: OpaquePointer? { unsafe OpaquePointer(bitPattern: dataAddress) }
  @unsafe var context: OpaquePointer? { unsafe OpaquePointer(bitPattern: contextAddress) }
  /// Where a text of no bytes may lie.
  @unsafe var empty: UnsafePointer<UInt8>? { unsafe UnsafePointer(bitPattern: emptyAddress) }

  init() {
    // Safety: made here, and freed in `deinit` alone.
    let context = unsafe pcre2_match_context_create_8(nil)
    unsafe pcre2_set_match_limit_8(context, BacktrackingPattern.effortMax)
    unsafe pcre2_set_depth_limit_8(context, BacktrackingPattern.effortMax)
    unsafe pcre2_set_heap_limit_8(context, 16 * 1024)
    dataAddress = UInt(
      bitPattern: unsafe pcre2_match_data_create_8(UInt32(Matcher.groupsMax), nil))
    contextAddress = UInt(bitPattern: context)
    let empty = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    unsafe empty.initialize(to: 0)
    emptyAddress = UInt(bitPattern: empty)
  }

  deinit {
    // Safety: made in `init`.
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
    unsafe UnsafeMutablePointer<UInt8>(bitPattern: emptyAddress)?.deallocate()
  }

  /// Says that the last match has no groups that could be told.
  func forget() { isForgotten.store(true, ordering: .relaxed) }

  /// Says that the next match tells its groups.
  func remember() { isForgotten.store(false, ordering: .relaxed) }

  /// Where a group of the last match lies; nil if it took no part.
  func group(_ number: Int) -> Range<Int>? {
    // Safety: the vector has room for `groupsMax` pairs, and was written by the last match.
    guard number < Matcher.groupsMax, !isForgotten.load(ordering: .relaxed),
      let pairs = unsafe pcre2_get_ovector_pointer_8(data)
    else {
      return nil
    }
    let start = unsafe pairs[2 * number]
    let end = unsafe pairs[2 * number + 1]
    // What took no part has the greatest number there is (pcre2api, "How pcre2_match() returns").
    guard start <= 1 << 40, end <= 1 << 40, start <= end else { return nil }
    return Int(start)..<Int(end)
  }
}
