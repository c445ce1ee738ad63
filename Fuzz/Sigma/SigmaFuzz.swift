import Formats

@testable import Detection

/// Gives whatever the fuzzer makes up to the reader of Sigma rules, and asks the rule, if it is
/// one, about texts: it answers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSigma(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  if let rule = try? SigmaReader.rule(bytes, file: "rule") {
    _ = rule.condition.holds { $0 % 2 == 0 }
  }
  let text = String(decoding: bytes.prefix(256), as: UTF8.self)
  _ = SigmaGlob(text, isCased: false, endsAnywhere: true).matches(bytes.span)
  _ = try? SigmaConditionParser.parse(text, ["a", "b", "selection"])
  return 0
}
