import Base

/// Makes a JSON text from another, with some of its values changed or left out.
///
/// Values are named by their places on the tape that the text was read to. What is not changed
/// stays as it is written; white space between values goes.
public struct JSONRewrite: Sendable {
  private enum Edit {
    case remove
    case replace([UInt8])
  }

  private var edits: [Int: Edit] = [:]

  /// Nothing is changed.
  public init() {}

  /// Whether nothing is changed.
  public var isEmpty: Bool { edits.isEmpty }

  /// Leaves out the value at a place, and with it its name if it is a member.
  public mutating func remove(_ place: Int) { edits[place] = .remove }

  /// Puts another JSON text in the place of a value.
  public mutating func replace(_ place: Int, by json: [UInt8]) { edits[place] = .replace(json) }

  /// Puts a string in the place of a value.
  public mutating func replace(_ place: Int, byString text: [UInt8]) {
    var json = JSONWriter()
    json.string(text.span)
    let buffer = json.take()
    replace(place, by: Array(buffer.storage[buffer.readIndex..<buffer.writeIndex]))
  }

  /// The text with all changes; `tape` was read from `text`.
  public func applied(to text: Span<UInt8>, _ tape: JSONTape) -> [UInt8] {
    let entries = tape.entries
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    /// Containers that are open: where they end, whether they are objects, whether one came before.
    var open: [(end: Int, isObject: Bool, hasAny: Bool)] = []
    var place = 0
    while true {
      while let inner = open.last, place >= inner.end {
        output.append(inner.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
        open.removeLast()
      }
      guard place < tape.count else { break }
      let isMember = open.last?.isObject == true
      let value = isMember ? place + 1 : place
      let entry = entries[value]
      let edit = edits[value]
      if case .remove = edit {
        place = Int(entry.next)
        continue
      }
      if open.last?.hasAny == true { output.append(UInt8(ascii: ",")) }
      if !open.isEmpty { open[open.count - 1].hasAny = true }
      if isMember {
        JSONRewrite.append(text, entries[place], to: &output)
        output.append(UInt8(ascii: ":"))
      }
      if case .replace(let json) = edit {
        output += json
        place = Int(entry.next)
      } else if entry.kind == .object || entry.kind == .array {
        output.append(entry.kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
        open.append((Int(entry.next), entry.kind == .object, false))
        place = value + 1
      } else {
        JSONRewrite.append(text, entry, to: &output)
        place = Int(entry.next)
      }
    }
    return output
  }

  /// Copies a single value or a name as it is written.
  private static func append(
    _ text: Span<UInt8>, _ entry: JSONTape.Entry, to output: inout [UInt8]
  ) {
    if entry.kind == .string { output.append(UInt8(ascii: "\"")) }
    for at in entry.range { output.append(text[at]) }
    if entry.kind == .string { output.append(UInt8(ascii: "\"")) }
  }
}
