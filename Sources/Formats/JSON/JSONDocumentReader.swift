/// Reads a JSON text into the nodes that YAML is read into, with line and column of each.
public struct JSONDocumentReader {
  /// How much of a text is read at most.
  public var limits = JSONLimits.document

  /// A reader with the limits of documents.
  public init() {}

  /// The root of the text; nil if anything is wrong, which is then reported.
  public func read(_ text: [UInt8], into diagnostics: Diagnostics) -> Node? {
    var tape = JSONTape(limits: limits)
    do throws(JSONFault) {
      try tape.read(text.span)
    } catch {
      diagnostics.error("invalid JSON: \(error)", at: error.position(in: text.span))
      return nil
    }
    return JSONDocumentReader.node(of: tape, text: text)
  }

  /// Each entry of the tape becomes the record of the same place; strings without escapes and
  /// numbers stay where they stand in the text.
  private static func node(of tape: JSONTape, text: [UInt8]) -> Node {
    var records: [Document.Record] = []
    var children: [UInt32] = []
    var plain = text
    let entries = tape.entries
    records.reserveCapacity(tape.count)
    children.reserveCapacity(tape.count)
    var position = Tracker()
    for place in 0..<tape.count {
      let entry = entries[place]
      let isContainer = entry.kind == .object || entry.kind == .array
      position.move(to: entry.kind == .string ? Int(entry.start) - 1 : Int(entry.start), text)
      var record = Document.Record(
        kind: entry.kind == .object ? .mapping : entry.kind == .array ? .sequence : .scalar,
        isText: entry.kind == .string, line: position.line, column: position.column)
      if isContainer {
        record.first = UInt32(truncatingIfNeeded: children.count)
        record.count = append(childrenOf: place, entries, to: &children)
      } else if entry.isEscaped {
        let unescaped = JSONEscape.text(text.span, entry.range)
        record.first = UInt32(truncatingIfNeeded: plain.count)
        record.count = UInt32(truncatingIfNeeded: unescaped.count)
        plain += unescaped
      } else {
        record.first = entry.start
        record.count = entry.end - entry.start
      }
      records.append(record)
    }
    return Node(document: Document(records: records, children: children, text: plain), index: 0)
  }

  /// Appends the places of what is in an object or array, names among them; returns how many.
  private static func append(
    childrenOf place: Int, _ entries: [JSONTape.Entry], to children: inout [UInt32]
  ) -> UInt32 {
    let first = children.count
    var child = place + 1
    let end = Int(entries[place].next)
    while child < end {
      children.append(UInt32(truncatingIfNeeded: child))
      if entries[place].kind == .object {
        child += 1
        children.append(UInt32(truncatingIfNeeded: child))
      }
      child = Int(entries[child].next)
    }
    return UInt32(truncatingIfNeeded: children.count - first)
  }

  /// Counts lines and columns while it goes on in a text.
  private struct Tracker {
    var line: UInt32 = 1
    var column: UInt32 = 1
    private var at = 0

    mutating func move(to target: Int, _ text: [UInt8]) {
      while at < target {
        if text[at] == 0x0A {
          line += 1
          column = 1
        } else if text[at] & 0xC0 != 0x80 {
          column += 1
        }
        at += 1
      }
    }
  }
}
