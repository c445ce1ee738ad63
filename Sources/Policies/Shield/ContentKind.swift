import Base

/// How content is read, by its declared type (RFC 9110 §8.3).
enum ContentKind {
  case form, json, multipart, xml, other

  init(_ type: Span<UInt8>) {
    var end = 0
    while end < type.count, type[end] != UInt8(ascii: ";") { end += 1 }
    while end > 0, type[end - 1] == 0x20 || type[end - 1] == 0x09 { end -= 1 }
    let essence = type.extracting(0..<end)
    if ASCII.equalsIgnoringCase(essence, "application/x-www-form-urlencoded") {
      self = .form
    } else if ContentKind.ends(essence, "/json") || ContentKind.ends(essence, "+json") {
      self = .json
    } else if ContentKind.ends(essence, "/xml") || ContentKind.ends(essence, "+xml") {
      self = .xml
    } else if essence.count > 10,
      ASCII.equalsIgnoringCase(essence.extracting(0..<10), "multipart/")
    {
      self = .multipart
    } else {
      self = .other
    }
  }

  private static func ends(_ text: Span<UInt8>, _ end: StaticString) -> Bool {
    let count = end.utf8CodeUnitCount
    return text.count > count
      && ASCII.equalsIgnoringCase(text.extracting(text.count - count..<text.count), end)
  }
}
