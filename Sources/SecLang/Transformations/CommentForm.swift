import Base

/// Comments of C, SQL and HTML.
enum CommentForm {
  /// Appends `text` with each comment `/*…*/` as one blank; one that is open goes on to the end.
  static func replace(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var at = 0
    while at < text.count {
      guard begins(text, at, "/*") else {
        output.append(text[at])
        at += 1
        continue
      }
      at += 2
      while at < text.count, !begins(text, at, "*/") { at += 1 }
      at = min(at + 2, text.count)
      output.append(0x20)
    }
  }

  /// Appends `text` without comments of any kind, up to the first that ends with the line.
  static func remove(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    var at = 0
    while at < text.count {
      let end: StaticString
      if begins(text, at, "/*") {
        end = "*/"
      } else if begins(text, at, "<!--") {
        end = "-->"
      } else if begins(text, at, "--") || text[at] == UInt8(ascii: "#") {
        return
      } else {
        output.append(text[at])
        at += 1
        continue
      }
      at += 2
      while at < text.count, !begins(text, at, end) { at += 1 }
      at = min(at + end.utf8CodeUnitCount, text.count)
    }
  }

  /// Appends `text` without the marks that begin and end comments.
  static func removeMarks(_ text: Span<UInt8>, _ output: inout [UInt8]) {
    let marks: [StaticString] = ["<!--", "-->", "/*", "*/", "--", "#"]
    var at = 0
    while at < text.count {
      if let mark = marks.first(where: { begins(text, at, $0) }) {
        at += mark.utf8CodeUnitCount
      } else {
        output.append(text[at])
        at += 1
      }
    }
  }

  private static func begins(_ text: Span<UInt8>, _ at: Int, _ mark: StaticString) -> Bool {
    let end = at + mark.utf8CodeUnitCount
    return end <= text.count && ASCII.equals(text.extracting(at..<end), mark)
  }
}
