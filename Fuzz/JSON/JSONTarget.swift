import Formats

/// Gives whatever the fuzzer makes up to the JSON parser: read in one piece, in small ones, as a
/// tape and as a tree, it is judged the same, and what was taken means the same when written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let whole = verdict { (scanner) throws(JSONFault) in try scanner.check(bytes.span) }
  for size in [1, 7, 64] {
    let inPieces = verdict { (scanner) throws(JSONFault) in
      var left: [UInt8] = []
      var at = 0
      repeat {
        let end = min(at + size, bytes.count)
        left += bytes[at..<end]
        at = end
        left.removeFirst(try scanner.check(left.span, isLast: at == bytes.count))
      } while at < bytes.count
    }
    precondition(inPieces == whole, "pieces are judged otherwise than the whole")
  }
  guard let value = try? JSONValue(parsing: bytes) else {
    precondition(whole != nil, "the tree refuses what the scanner takes")
    if let whole { precondition(whole.offset <= count, "a fault beyond the text") }
    return 0
  }
  precondition(whole == nil, "the tree takes what the scanner refuses")
  precondition(String(validating: bytes, as: UTF8.self) != nil, "what is no UTF-8 was taken")
  let text = value.serialized
  guard let again = try? JSONValue(parsing: text, limits: .document) else {
    preconditionFailure("what was written is not read")
  }
  precondition(again == value, "what was written means something else")
  precondition(again.serialized == text, "it is written otherwise the second time")
  return 0
}

private func verdict(
  _ body: (inout JSONScanner) throws(JSONFault) -> Void
) -> JSONFault? {
  var scanner = JSONScanner()
  do throws(JSONFault) {
    try body(&scanner)
    return nil
  } catch {
    return error
  }
}
