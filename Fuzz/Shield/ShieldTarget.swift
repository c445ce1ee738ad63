import Base
import Formats
import HTTP
import PolicyKit
import SecLang

@testable import Policies

/// Rules that look at everything, made once.
private let rules = try? RuleSet([
  RuleFile(
    name: "fuzz",
    text: Array(
      "SecRule ARGS|ARGS_NAMES|FILES|XML:/*|REQUEST_COOKIES \"@rx a.b\" \"id:1,phase:2,deny\"".utf8)
  )
])

/// Takes what the fuzzer makes up for content of each type, and looks at it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzShield(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let rules, var inspection = Inspection(rules) else { return 0 }
  for type in [
    "application/json", "application/xml", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded", "text/plain",
  ] {
    var exchange = Exchange()
    exchange.request.fields.append(name: "content-type", value: type.utf8.span)
    exchange.request.fields.append(name: "cookie", value: bytes.span)
    exchange.request.path = exchange.request.fields.store(bytes.span)
    var reading = RequestReading()
    inspection.clear()
    _ = reading.read(bytes.span, &exchange, into: &inspection)
    _ = inspection.run()
  }
  return 0
}
