@testable import Client
@testable import Scanner

/// Gives whatever the fuzzer makes up to all that reads descriptions of APIs, plans, reports and
/// scripts of collections, and to the proxy that records: each takes it or refuses it, and what
/// was taken can be asked.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDescriptions(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var reader = DescriptionReader { _ in bytes }
  _ = reader.take(environment: bytes)
  if let description = try? reader.read(bytes, named: "fuzz") {
    for operation in description.operations {
      precondition(operation.path.hasPrefix("/"), "a path that is none")
      _ = (operation.textMembers, operation.isDangerous, operation.pathParameters)
    }
    _ = DescriptionReader.merge([description, description])
  }
  _ = try? Audit.report(on: bytes, named: "fuzz")
  _ = ManualRequest.recorded(bytes)
  _ = ScanState(bytes)
  _ = RecordedFinding.read(bytes)
  _ = try? ScanPlan(bytes, named: "fuzz", keys: ["target"])
  let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  _ = CollectionStatement.read(lines)
  // What a proxy is sent, it reads whole or not at all.
  if case .complete(_, let used) = InterceptHead.read(bytes[...]) {
    precondition(used <= count, "a head beyond the bytes")
  }
  return 0
}
