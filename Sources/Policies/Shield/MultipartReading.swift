import Base
import Formats
import SecLang

/// Takes a multipart body apart (RFC 7578, RFC 2046 §5.1).
///
/// Whatever two readers could take differently is a fault: a boundary that is missing or not
/// closed, lines that end otherwise, header lines that are none.
struct MultipartReading {
  /// Most parts, and most header lines of one.
  private static let partsMax = 1000
  private static let linesMax = 32
  /// As much of an upload that is text is looked at as a value, in bytes.
  private static let fileTextBytesMax = 64 * 1024

  private let boundary: [UInt8]
  private var name: [UInt8] = []
  private var fileName: [UInt8]?
  private var contentType: [UInt8] = []

  /// Parts as the boundary in `type` cuts them.
  init(_ type: Span<UInt8>) {
    boundary = MultipartReading.parameter(type, "boundary", from: 0) ?? []
  }

  mutating func read(
    _ content: Span<UInt8>, into inspection: inout Inspection
  ) -> ContentFault? {
    guard (1...70).contains(boundary.count) else { return .malformed("multipart: no boundary") }
    guard var at = delimiter(content, from: 0, isFirst: true) else {
      return .malformed("multipart: its boundary is not in it")
    }
    var parts = 0
    while true {
      let behind = at.end
      if begins(content, behind, "--") { return nil }
      guard let start = lineEnd(content, behind), parts < MultipartReading.partsMax else {
        return .malformed("multipart: a boundary with something behind it")
      }
      parts += 1
      guard let body = readHeader(content, start, into: &inspection) else {
        return .malformed("multipart: a header line that is none")
      }
      guard let next = delimiter(content, from: max(body - 2, 0), isFirst: false) else {
        return .malformed("multipart: it is not closed")
      }
      add(content.extracting(min(body, next.start)..<next.start), into: &inspection)
      at = next
    }
  }

  private mutating func add(_ text: Span<UInt8>, into inspection: inout Inspection) {
    inspection.add(.bodyArgumentName, name: name.span, name.span)
    guard let fileName else {
      inspection.add(.bodyArgument, name: name.span, text)
      return
    }
    inspection.add(.fileName, name: name.span, fileName.span)
    inspection.add(.fileField, name: name.span, name.span)
    inspection.fileBytes += text.count
    if let disguise = UploadDisguise.of(text, fileName, contentType) {
      inspection.add(.fileSignature, name: name.span, disguise.utf8.span)
    }
    // A name makes no file of what a server may read as a field's value.
    let begin = text.extracting(0..<min(text.count, MultipartReading.fileTextBytesMax))
    if MultipartReading.isText(begin) {
      inspection.add(.bodyArgument, name: name.span, begin)
    }
  }

  private static func isText(_ text: Span<UInt8>) -> Bool {
    for at in text.indices where text[at] < 0x20 && text[at] &- 0x09 > 4 { return false }
    return true
  }

  /// Reads header lines from `start` on; where the part's content begins.
  private mutating func readHeader(
    _ content: Span<UInt8>, _ start: Int, into inspection: inout Inspection
  ) -> Int? {
    name = []
    fileName = nil
    contentType = []
    var at = start
    for _ in 0..<MultipartReading.linesMax {
      if let end = lineEnd(content, at) { return end }
      var end = at
      while end < content.count, content[end] != 0x0D, content[end] != 0x0A { end += 1 }
      guard let next = lineEnd(content, end) else { return nil }
      let line = content.extracting(at..<end)
      guard let colon = line.indices.first(where: { line[$0] == UInt8(ascii: ":") }), colon > 0
      else { return nil }
      if ASCII.equalsIgnoringCase(line.extracting(0..<colon), "content-disposition") {
        name = MultipartReading.parameter(line, "name", from: colon) ?? []
        fileName =
          MultipartReading.parameter(line, "filename", from: colon)
          ?? MultipartReading.parameter(line, "filename*", from: colon)
      }
      if ASCII.equalsIgnoringCase(line.extracting(0..<colon), "content-type") {
        contentType = MultipartReading.essence(line.extracting(colon + 1..<line.count))
      }
      inspection.add(.partHeader, name: name.span, line)
      at = next
    }
    return nil
  }

  /// A media type without its parameters, in lower case.
  private static func essence(_ value: Span<UInt8>) -> [UInt8] {
    var type: [UInt8] = []
    for at in value.indices where value[at] > 0x20 {
      if value[at] == UInt8(ascii: ";") { break }
      type.append(ASCII.lowercased(value[at]))
    }
    return type
  }

  /// A parameter of a field's value, in quotes or not.
  private static func parameter(
    _ text: Span<UInt8>, _ wanted: StaticString, from start: Int
  ) -> [UInt8]? {
    var at = start
    while at < text.count {
      while at < text.count, text[at] != UInt8(ascii: ";") { at += 1 }
      at += 1
      while at < text.count, text[at] == 0x20 || text[at] == 0x09 { at += 1 }
      let first = at
      while at < text.count, text[at] != UInt8(ascii: "="), text[at] != UInt8(ascii: ";") {
        at += 1
      }
      guard at < text.count, text[at] == UInt8(ascii: "=") else { continue }
      let isWanted = ASCII.equalsIgnoringCase(text.extracting(first..<at), wanted)
      at += 1
      var value: [UInt8] = []
      if at < text.count, text[at] == UInt8(ascii: "\"") {
        at += 1
        while at < text.count, text[at] != UInt8(ascii: "\"") {
          if text[at] == UInt8(ascii: "\\"), at + 1 < text.count, text[at + 1] == 0x22 { at += 1 }
          value.append(text[at])
          at += 1
        }
      } else {
        while at < text.count, text[at] != UInt8(ascii: ";"), text[at] != 0x20 {
          value.append(text[at])
          at += 1
        }
      }
      if isWanted { return value }
    }
    return nil
  }

  // MARK: Lines

  private func begins(_ content: Span<UInt8>, _ at: Int, _ text: StaticString) -> Bool {
    let end = at + text.utf8CodeUnitCount
    return end <= content.count && ASCII.equals(content.extracting(at..<end), text)
  }

  /// Where the next line begins if one ends at `at`, blanks before its end left out.
  private func lineEnd(_ content: Span<UInt8>, _ at: Int) -> Int? {
    if begins(content, at, "\r\n") { return at + 2 }
    return at < content.count && content[at] == 0x0A ? at + 1 : nil
  }

  /// The next delimiter: where the line before it ends, and where the delimiter itself does.
  private func delimiter(
    _ content: Span<UInt8>, from start: Int, isFirst: Bool
  ) -> (start: Int, end: Int)? {
    var at = start
    let count = boundary.count + 2
    while at + count <= content.count {
      let isLineStart = at == 0 || content[at - 1] == 0x0A
      if isLineStart, content[at] == UInt8(ascii: "-"), content[at + 1] == UInt8(ascii: "-"),
        ASCII.equals(content.extracting(at + 2..<at + count), boundary.span)
      {
        var before = max(at - 1, 0)
        if before > 0, content[before - 1] == 0x0D { before -= 1 }
        return (before, at + count)
      }
      at += 1
    }
    return nil
  }
}
