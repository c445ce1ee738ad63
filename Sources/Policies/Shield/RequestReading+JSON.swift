import Base
import Formats
import SecLang

/// Values and names of JSON.
extension RequestReading {
  /// Adds every text and every name; a value is called by the names on the way to it, such as
  /// `json.user.name`, places in arrays left out.
  mutating func readJSON(
    _ tape: borrowing JSONTape, _ text: Span<UInt8>, into inspection: inout Inspection
  ) {
    path.removeAll(keepingCapacity: true)
    append("json", toScratch: false)
    stack.removeAll(keepingCapacity: true)
    var place = 0
    while place < tape.count {
      while let level = stack.last, place >= level.end {
        stack.removeLast()
        path.removeLast(path.count - level.nameCount)
      }
      let base = path.count
      var entry = tape.entries[place]
      if let level = stack.last, level.isObject {
        plain(entry, text)
        inspection.add(.bodyArgumentName, name: path.span, scratch.span)
        path.append(UInt8(ascii: "."))
        path.append(contentsOf: scratch)
        place += 1
        guard place < tape.count else { return }
        entry = tape.entries[place]
      }
      place += 1
      switch entry.kind {
      case .object, .array:
        stack.append(
          JSONLevel(end: Int(entry.next), nameCount: base, isObject: entry.kind == .object))
        continue
      case .string:
        plain(entry, text)
        inspection.add(.bodyArgument, name: path.span, scratch.span)
      // Numbers and words of the language are written in one way only.
      case .number, .boolean, .null: break
      }
      path.removeLast(path.count - base)
    }
  }

  /// Leaves the text of a string in `scratch`.
  private mutating func plain(_ entry: JSONTape.Entry, _ text: Span<UInt8>) {
    scratch.removeAll(keepingCapacity: true)
    if entry.isEscaped {
      scratch.append(contentsOf: entry.plain(in: text))
      return
    }
    // Safety: the buffer is only read, and only within the call; the array copies it.
    unsafe text.extracting(entry.range).withUnsafeBufferPointer {
      unsafe scratch.append(contentsOf: $0)
    }
  }
}
