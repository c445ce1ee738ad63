import Base
import Wire

/// Feeds bytes to the reader of PROXY headers, whole and cut: what is read of a header does not
/// hang on what stands behind it, and a part of one is never another.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's input is valid for its count during the call.
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  let outcome = ProxyHeader.read(bytes.span)
  guard case .complete(let used, _) = outcome else { return 0 }
  precondition(used > 0 && used <= bytes.count && used <= ProxyHeader.bytesMax)
  precondition(ProxyHeader.read(Array(bytes.prefix(used)).span) == outcome)
  precondition(ProxyHeader.read(Array(bytes.prefix(used - 1)).span) == .incomplete)
  guard case .complete(_, let source?) = outcome else { return 0 }
  for version in ProxyHeader.Version.allCases {
    let end = ProxyHeader.End(source, port: UInt16(truncatingIfNeeded: count))
    let header = ProxyHeader.write(version, from: end, to: end)
    precondition(
      ProxyHeader.read(header.span) == .complete(count: header.count, source: source))
  }
  return 0
}
