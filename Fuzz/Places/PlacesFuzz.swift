import Base

@testable import Detection

/// Gives whatever the fuzzer makes up to the reader of files of places: it refuses the file, or
/// answers for any address with a place on the earth or with none.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPlaces(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let file = try? PlaceFile(bytes) else { return 0 }
  for step in 0..<64 {
    let word = UInt64(step) &* 0x9E37_79B9_7F4A_7C15
    let addresses = [
      IPAddress(v4: UInt32(truncatingIfNeeded: word >> 32)),
      IPAddress(high: word, low: ~word), IPAddress(high: 0, low: word >> 40),
    ]
    for address in addresses {
      guard let place = file.place(address) else { continue }
      precondition(abs(place.latitude) <= 90 && abs(place.longitude) <= 180, "off the earth")
      precondition((0...20_000).contains(place.radius), "a radius that is none")
    }
  }
  return 0
}
