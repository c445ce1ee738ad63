import Formats

/// Reads a form of parts whole and in pieces: both must say the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMultipart(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let whole = outcome(bytes, step: max(bytes.count, 1))
  let pieces = outcome(bytes, step: 3)
  precondition(whole == pieces, "whole and in pieces, a text reads differently")
  _ = FileSignature(bytes.span)
  _ = FileName.problem(bytes)
  return 0
}

/// The parts with their contents; nil for a text that is refused.
private func outcome(_ text: [UInt8], step: Int) -> [[UInt8]]? {
  guard var scanner = MultipartScanner(boundary: Array("b".utf8)) else { return nil }
  var found: [[UInt8]] = []
  var start = 0
  var end = min(step, text.count)
  while true {
    let piece = Array(text[start..<end])
    guard let event = try? scanner.next(piece.span, isLast: end == text.count) else { return nil }
    switch event {
    case .part(let part): found.append(part.name + (part.fileName ?? []) + [0])
    case .content(let range): found[found.count - 1] += piece[range]
    case .endOfPart: continue
    case .end where end == text.count: return found
    case .end, .needMore:
      start += scanner.consumed
      scanner.begin()
      end = min(end + step, text.count)
    }
  }
}
