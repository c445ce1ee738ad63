import Base
import Formats

/// Gives whatever the fuzzer makes up to the reader of time zones; what is read has periods that
/// hold the time they were asked for, and follow each other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTimeZone(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let zone = TimeZoneRules(file: bytes.span) else { return 0 }
  for time in [UInt64(1_700_000_000_000), 1_711_846_800_000, 4_102_444_800_000] {
    for period in CalendarPeriod.allCases {
      let (begin, end) = period.bounds(containing: time, in: zone)
      precondition(begin <= end, "a period ends before it begins")
    }
  }
  return 0
}
