import Base
import HTTP
import Wire

/// Gives whatever the fuzzer makes up to the reader of WebSocket frames, whole and in pieces: the
/// same bytes pass, and the same fault ends them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWebSocket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  for isFromClient in [true, false] {
    let whole = passed(bytes, step: max(1, count), isFromClient)
    precondition(whole == passed(bytes, step: 1, isFromClient), "pieces read differently")
  }
  return 0
}

/// How many bytes pass, and the code that ends them, or 0.
private func passed(_ bytes: [UInt8], step: Int, _ isFromClient: Bool) -> [Int] {
  var limits = WebSocketLimits()
  (limits.frameBytesMax, limits.messageBytesMax) = (200, 300)
  (limits.fragmentsMax, limits.controlFramesMax) = (4, 4)
  var reader = WebSocketReader(limits: limits, isFromClient: isFromClient)
  var input = ByteBuffer()
  var total = 0
  var at = 0
  while at < bytes.count {
    let end = min(at + step, bytes.count)
    input.append(bytes.span.extracting(at..<end))
    at = end
    let found = reader.read(input.readable, now: Instant(nanoseconds: 1))
    total += found.count
    input.consume(found.count)
    if let fault = found.fault { return [total, Int(fault.code)] }
    precondition(input.count < 14, "more than a header is held back")
  }
  return [total, 0]
}
