import Base
import Formats

/// Feeds bytes to the decoders of contents, the first byte telling which: whatever they are, no
/// more comes out than is allowed, and what is encoded again comes out the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's input is valid for its count during the call.
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard let first = bytes.first, let coding = ContentCoding(rawValue: first % 4) else { return 0 }
  let most = 1 << 20
  let content = try? ContentDecoder.decode(
    bytes.span.extracting(1...), coding, bytesMax: most, ratioMax: 20)
  guard let content else { return 0 }
  precondition(content.count <= most)
  precondition(content.count <= max(ContentDecoder.freeBytes, 20 * bytes.count))
  guard let encoder = ContentEncoder(coding, level: 1) else { return 0 }
  var output = ByteBuffer()
  precondition(encoder.encode(content.span, .finish, into: &output))
  let again = try? ContentDecoder.decode(
    output.readable, coding, bytesMax: most, ratioMax: 1 << 20)
  precondition(again == content)
  return 0
}
