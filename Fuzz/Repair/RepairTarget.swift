import Formats

/// Repairs whatever the fuzzer makes up: a text that was repaired needs it no more, composing never
/// changes what characters a text has for a reader, and every string of a JSON text is found.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRepair(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  if let text = String(validating: bytes, as: UTF8.self) {
    for repair in [TextRepair.trim, .nfc] {
      guard let changed = repair.changed(bytes) else { continue }
      precondition(changed != bytes, "what is the same is told to be changed")
      precondition(repair.changed(changed) == nil, "a repaired text is repaired again")
      // Strings are compared by canonical equivalence.
      if repair == .nfc {
        precondition(String(decoding: changed, as: UTF8.self) == text, "another text")
      }
    }
    let escaped = TextRepair.escapeHTML.changed(bytes) ?? bytes
    precondition(!escaped.contains { "<>\"'".utf8.contains($0) }, "something is not escaped")
  }
  var tape = JSONTape()
  guard (try? tape.read(bytes.span)) != nil, let value = try? JSONValue(parsing: bytes) else {
    return 0
  }
  let patterns = ["/a", "/*", "/a/*", "/*/0", "/a/b"].compactMap(PlacePattern.init)
  var walk = RepairWalk(tape, patterns)
  var found = 0
  while let place = walk.nextString(bytes.span) {
    precondition(place < tape.count && tape.entries[place].kind == .string, "no string")
    let pointer = JSONPointer(walk.pointer(bytes.span))
    precondition(pointer != nil, "no pointer")
    if let pointer {
      precondition(value[pointer]?.string != nil, "a pointer to another value")
      let isMember = pointer.tokens.count == 1
      precondition((walk.matching >> 1 & 1 == 1) == isMember, "a pattern is found where it is not")
    }
    found += 1
  }
  precondition(found == strings(value), "a string was passed over")
  return 0
}

private func strings(_ value: JSONValue) -> Int {
  if value.string != nil { return 1 }
  return value.elements.reduce(0) { $0 + strings($1) }
    + value.members.reduce(0) { $0 + strings($1.value) }
}
