import Formats

/// Checks whatever the fuzzer makes up: a text must be judged the same again and as a tree, a fault
/// stand within it, and the tree hang together.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var scanner = XMLScanner()
  let first = outcome(bytes, &scanner)
  precondition(first == outcome(bytes, &scanner), "the same text is judged in two ways")
  precondition(first?.offset ?? 0 <= bytes.count, "a place beyond the text")
  guard let tree = try? XMLTree(bytes.span) else {
    precondition(first != nil, "no tree of what is sound")
    return 0
  }
  precondition(first == nil, "a tree of what is not sound")
  let children = tree.elements.reduce(0) { $0 + $1.children.count }
  precondition(children == tree.elements.count - 1, "an element is in none, or in two")
  for element in tree.elements {
    precondition(String(validating: element.text, as: UTF8.self) != nil, "text in no UTF-8")
    for attribute in element.attributes {
      precondition(String(validating: attribute.value, as: UTF8.self) != nil, "no UTF-8")
    }
  }
  return 0
}

private func outcome(_ text: [UInt8], _ scanner: inout XMLScanner) -> XMLFault? {
  do throws(XMLFault) {
    try scanner.check(text.span)
    return nil
  } catch {
    return error
  }
}
