/// A path without empty, single dot and double dot segments.
enum PathForm {
  /// Appends `text` as a path in normal form; if `isWindows`, backslashes are slashes.
  static func normalize(_ text: Span<UInt8>, _ output: inout [UInt8], isWindows: Bool) {
    let start = output.count
    let slash = UInt8(ascii: "/")
    func isSeparator(_ byte: UInt8) -> Bool {
      byte == slash || (isWindows && byte == UInt8(ascii: "\\"))
    }
    let isAbsolute = text.count > 0 && isSeparator(text[0])
    if isAbsolute { output.append(slash) }
    let root = output.count
    var at = 0
    /// How many segments stand in the output that a double dot may take away.
    var depth = 0
    while at < text.count {
      while at < text.count, isSeparator(text[at]) { at += 1 }
      let first = at
      while at < text.count, !isSeparator(text[at]) { at += 1 }
      let hasSlash = at < text.count
      let count = at - first
      if count == 0 { break }
      if count == 1, text[first] == UInt8(ascii: ".") { continue }
      if count == 2, text[first] == UInt8(ascii: "."), text[first + 1] == UInt8(ascii: ".") {
        if depth > 0 {
          depth -= 1
          if output.last == slash { output.removeLast() }
          while output.count > root, output.last != slash { output.removeLast() }
          continue
        }
        if isAbsolute { continue }
        output += [UInt8(ascii: "."), UInt8(ascii: ".")]
      } else {
        for place in first..<at { output.append(text[place]) }
        depth += 1
      }
      if hasSlash { output.append(slash) }
    }
    precondition(output.count >= start, "a path does not shrink what stood before it")
  }
}
