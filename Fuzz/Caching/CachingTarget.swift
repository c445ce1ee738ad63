import Base
import Formats
import HTTP

/// Feeds bytes to the readers of `Cache-Control`, `Accept-Encoding`, `Vary`, lists of tags and HTTP
/// dates, as values of fields; what is read holds to its bounds.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's input is valid for its count during the call.
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  var fields = Fields()
  for name in ["cache-control", "accept-encoding", "etag", "if-none-match", "expires"] {
    fields.append(name: name.utf8.span, value: bytes.span)
  }
  let control = CacheControl(of: fields)
  for seconds in [control.maxAge, control.sharedMaxAge, control.staleIfError, control.maxStale] {
    precondition(seconds.map { (0...1 << 31).contains($0) } ?? true)
  }
  if let accepted = AcceptedCodings(of: fields) {
    for coding in ContentCoding.allCases {
      precondition((0...1000).contains(accepted.weight(of: coding.text)))
    }
  }
  var at = 0
  while let range = VaryNames.next(in: bytes.span, &at) {
    precondition(!range.isEmpty && range.upperBound <= bytes.count)
  }
  _ = HTTPTime.seconds(bytes)
  return 0
}
