import Formats

/// Checks whatever the fuzzer makes up: a text must be judged the same again, and a fault stand
/// within it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var scanner = XMLScanner()
  let first = outcome(bytes, &scanner)
  precondition(first == outcome(bytes, &scanner), "the same text is judged in two ways")
  precondition(first?.offset ?? 0 <= bytes.count, "a place beyond the text")
  return 0
}

private func outcome(_ text: [UInt8], _ scanner: inout XMLScanner) -> XMLFault? {
  do throws(XMLFault) {
    try scanner.check(text.span)
    return nil
  } catch {
    return error
  }
}
