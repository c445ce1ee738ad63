import Base
import Wire

/// Gives whatever the fuzzer makes up to the reader of a store's replies, whole and byte by byte:
/// the same replies are read, and the same place ends them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRESP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  precondition(
    replies(bytes, step: max(1, count)) == replies(bytes, step: 1), "pieces read differently")
  return 0
}

private struct Found: Equatable {
  var replies: [RESPReply] = []
  var isRefused = false
}

private func replies(_ bytes: [UInt8], step: Int) -> Found {
  var input = ByteBuffer()
  var found = Found()
  var at = 0
  while at < bytes.count {
    let end = min(at + step, bytes.count)
    input.append(bytes.span.extracting(at..<end))
    at = end
    reading: while true {
      let before = input.count
      switch RESPReader.next(&input) {
      case .reply(let reply):
        precondition(input.count < before, "nothing is taken")
        found.replies.append(reply)
      case .incomplete: break reading
      case .refused:
        found.isRefused = true
        return found
      }
    }
    precondition(
      input.count <= RESPReader.bulkBytesMax + RESPReader.lineBytesMax + 2, "too much is held back")
  }
  return found
}
