import Base
import Wire

/// Gives whatever the fuzzer makes up to the readers of gRPC: what base64 comes to comes back from
/// it, and a time to wait is none or one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGRPC(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  _ = GRPCTimeout.nanoseconds(bytes.span)
  if let decoded = GRPCWebFrame.decode(bytes.span) {
    var text = ByteBuffer()
    GRPCWebFrame.append(base64: decoded.span, to: &text)
    precondition(GRPCWebFrame.decode(text.readable) == decoded, "not what it was")
  }
  return 0
}
