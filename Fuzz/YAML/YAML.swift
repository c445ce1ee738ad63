import Blueprint
import Formats

/// Gives whatever the fuzzer makes up to the configuration reader: it never fails, it says why when
/// it refuses, on one line each, and it accepts nothing that is open by accident.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let interpolation = Interpolation(
    environment: { $0 == "A" ? .found("1") : .failed("is not set") },
    file: { $0 == "a" ? .found("b\n") : .failed("cannot be read") })
  let (blueprint, diagnostics) = BlueprintReader(authenticationPolicies: ["api-key"]).read(
    bytes, file: "f", interpolation: interpolation)
  precondition((blueprint == nil) == diagnostics.hasErrors, "refused without a reason")
  for entry in diagnostics.sorted {
    let line = entry.description
    precondition(line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a control character is shown")
  }
  for service in blueprint?.services ?? [] {
    for route in service.routes where !route.isPublic {
      let policies = service.policies + route.policies
      precondition(policies.contains { $0.name == "api-key" }, "a route is open by accident")
    }
  }
  return 0
}
