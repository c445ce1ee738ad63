import Pattern

/// Takes the first line for a regular expression and the rest for a text; both must end in time.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPattern(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
  let source = String(decoding: bytes[..<end], as: UTF8.self)
  guard let pattern = try? Pattern(source) else { return 0 }
  // Texts that come here have been found to be UTF-8.
  let text = Array(String(decoding: bytes[min(end + 1, count)...], as: UTF8.self).utf8)
  _ = pattern.matches(text.span)
  return 0
}
