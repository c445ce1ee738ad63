import Base
import Formats

/// Gives whatever the fuzzer makes up to the reader of forms and queries. What is read is written
/// and read again as the same, and it has as many pairs as there are parts with anything in them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzForms(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let text = String(validating: bytes, as: UTF8.self) else { return 0 }
  if let decoded = FormText.decode(text[...].utf8) {
    precondition(FormText.decode(FormText.encode(decoded)[...].utf8) == decoded, "not the same")
    precondition(decoded.utf8.count <= text.utf8.count, "longer than it was")
  }
  guard let pairs = FormText.pairs(text[...].utf8) else { return 0 }
  let parts = text.utf8.split(separator: UInt8(ascii: "&"))
  precondition(pairs.count == parts.count && pairs.count <= 256, "counted otherwise")
  let again = FormText.pairs(FormText.encode(pairs.map { ($0.name, $0.value) })[...].utf8)
  let kept = pairs.filter { !$0.name.isEmpty || !$0.value.isEmpty }
  // A part that is `=` alone is a pair of two empty texts, and is written as that.
  precondition(again?.count == pairs.count || kept.count < pairs.count, "lost")
  for (one, other) in zip(pairs, again ?? []) {
    precondition(one.name == other.name && one.value == other.value, "changed")
  }
  return 0
}
