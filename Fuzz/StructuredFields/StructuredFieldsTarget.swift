import Formats

/// Gives whatever the fuzzer makes up to the reader of structured fields: what is taken is written
/// in its one form, and that is read as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStructuredFields(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  if let item = try? StructuredFieldParser.item(bytes.span) {
    guard let text = StructuredFieldWriter.text(item) else { fatalError("an item without form") }
    let again = try? StructuredFieldParser.item(text.utf8.span)
    precondition(again == item, "an item is read as another")
  }
  if let list = try? StructuredFieldParser.list(bytes.span) {
    guard let text = StructuredFieldWriter.text(list) else { fatalError("a list without form") }
    let again = try? StructuredFieldParser.list(text.utf8.span)
    precondition(again == list, "a list is read as another")
  }
  if let members = try? StructuredFieldParser.dictionary(bytes.span) {
    guard let text = StructuredFieldWriter.text(members) else { fatalError("no form") }
    let again = try? StructuredFieldParser.dictionary(text.utf8.span)
    precondition(again?.map(\.value) == members.map(\.value), "a dictionary is read as another")
  }
  return 0
}
