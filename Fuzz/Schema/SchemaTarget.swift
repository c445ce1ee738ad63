import Formats
import Schema

/// Takes the first line for a schema and the rest for a text: whether it is sound must not depend
/// on whether faults are looked for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSchema(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's buffer has `count` bytes for the time of this call.
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let end = bytes.firstIndex(of: 0x0A) else { return 0 }
  guard let document = try? JSONValue(parsing: Array(bytes[..<end])) else { return 0 }
  let text = Array(bytes[(end + 1)...])
  var tape = JSONTape()
  let isText = (try? tape.read(text.span)) != nil
  for dialect in [SchemaDialect.draft2020, .draft7, .draft4, .openAPI30] {
    var settings = JSONSchema.Settings()
    settings.dialect = dialect
    settings.assertsFormats = true
    settings.direction = dialect == .openAPI30 ? .request : .none
    settings.readsDiscriminators = dialect == .openAPI30
    settings.closesObjects = bytes.count.isMultiple(of: 2)
    guard let schema = try? JSONSchema(document, settings: settings), isText else { continue }
    let isSound = schema.accepts(tape, of: text.span)
    let found = schema.violations(tape, of: text.span)
    precondition(isSound == found.isEmpty, "violations do not agree with the verdict")
  }
  return 0
}
