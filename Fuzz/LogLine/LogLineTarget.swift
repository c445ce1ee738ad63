import Base
import HTTP

@testable import Telemetry

/// Gives whatever the fuzzer makes up to the access log as a request: its line is one line of
/// characters that show as what they are, and what follows `token=` is not in it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLogLine(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let choice = bytes.first else { return 0 }
  // Parts end with a byte that may not stand in UTF-8, so that all others are the fuzzer's.
  var parts = bytes.dropFirst().split(separator: 0xFE, omittingEmptySubsequences: false)
    .map { Array($0) }
  while parts.count < 6 { parts.append([]) }
  var head = RequestHead()
  let (method, path) = (parts[0], parts[1])
  head.methodText = head.fields.store(method.span)
  head.path = head.fields.store(path.span)
  let query = parts[2] + Array("&token=SECRET;api%5Fkey=SECRET&code=SECRET".utf8)
  head.hasQuery = true
  head.query = head.fields.store(query.span)
  for (name, value) in zip(["user-agent", "referer", "traceparent"], parts[3...]) {
    head.fields.append(name: name.utf8.span, value: value.span)
  }
  let formats = [AccessLogSettings.Format.json, .common, .combined]
  var encoder = LineEncoder(formats[Int(choice) % 3], masking: MaskedNames(["x-other"]))
  let names = parts[3]
  encoder.append(
    AccessEntry(
      record: AccessRecord(), requestID: head.path, consumer: names.span, route: names.span,
      service: names.span, upstream: names.span, detail: names.span), head)
  check(Array(encoder.block.storage[..<encoder.block.count]), isJSON: choice % 3 == 0)
  return 0
}

private func check(_ line: [UInt8], isJSON: Bool) {
  precondition(line.last == 0x0A && line.count <= LineEncoder.lineBytesMax, "no line")
  guard let text = String(validating: line.dropLast(), as: UTF8.self) else {
    preconditionFailure("no text")
  }
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: preconditionFailure("hidden")
    default: break
    }
    switch scalar.value {
    case 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: preconditionFailure("turned")
    default: break
    }
  }
  if isJSON { precondition(isObject(Array(text.utf8)), "no object") }
  // Twice in a row it would be the fuzzer's own.
  precondition(!text.contains("token=SECRET") && !text.contains("code=SECRET"), "a secret")
}

/// Whether quotes come in pairs, and whatever stands outside them is ours.
private func isObject(_ text: [UInt8]) -> Bool {
  var isInside = false
  var at = 0
  while at < text.count {
    switch text[at] {
    case UInt8(ascii: "\\"): at += isInside ? 1 : text.count
    case UInt8(ascii: "\""): isInside.toggle()
    case let byte where !isInside && !"{}:,.0123456789".utf8.contains(byte): return false
    default: break
    }
    at += 1
  }
  return !isInside && text.first == UInt8(ascii: "{") && text.last == UInt8(ascii: "}")
}
