import Formats
import Policies
import PolicyKit

/// Gives whatever the fuzzer makes up to a policy as its settings: it compiles, or says why not in
/// lines without control characters.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPolicies(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let catalogue = Catalogue.standard
  let names = catalogue.names
  guard let first = bytes.first,
    let type = catalogue.policy(names[Int(first) % names.count])
  else { return 0 }
  let diagnostics = Diagnostics(file: "f")
  guard let node = YAMLReader().read(Array(bytes.dropFirst()), into: diagnostics) else { return 0 }
  var settings = Settings(node, in: diagnostics)
  let consumer = Consumer(index: 0, name: "a", roles: ["r"], groups: ["g"], isDisabled: false)
  _ = type.init(
    &settings,
    at: PolicySite(
      service: "s", path: "service/a/0",
      directory: ConsumerDirectory(consumers: [consumer], credentials: []),
      retained: RetainedState()))
  settings.finish()
  for entry in diagnostics.sorted {
    let line = entry.description
    precondition(line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a control character is shown")
  }
  return 0
}
