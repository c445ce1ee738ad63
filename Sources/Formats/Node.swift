import Base

/// A value of a parsed document: a scalar, a sequence or a mapping, with its place in the text.
///
/// It is a reference into the document, cheap to copy. A scalar keeps its text as written; what it
/// is (a number, a truth value) is decided when it is read, so that `1.10` read as text stays so.
public struct Node: Sendable {
  /// The three kinds of values.
  public enum Kind: UInt8, Sendable { case scalar, sequence, mapping }

  let document: Document
  let index: UInt32

  init(document: Document, index: UInt32) {
    self.document = document
    self.index = index
  }

  /// A node that stands for no value, at `position`.
  public static func null(at position: Position) -> Node {
    let record = Document.Record(
      kind: .scalar, line: UInt32(clamping: position.line),
      column: UInt32(clamping: position.column))
    return Node(document: Document(records: [record], children: [], text: []), index: 0)
  }

  var record: Document.Record { document.records[Int(index)] }

  /// Which kind of value this is.
  public var kind: Kind { record.kind }

  /// Where the node begins. A node reached by an alias is where its anchor is.
  public var position: Position {
    Position(line: Int(record.line), column: Int(record.column))
  }

  /// Elements of a sequence, pairs of a mapping, 0 for a scalar.
  public var count: Int {
    switch kind {
    case .scalar: 0
    case .sequence: Int(record.count)
    case .mapping: Int(record.count) / 2
    }
  }

  /// The text of a scalar as written, without quotes; nil for the others.
  public var text: String? {
    let record = record
    guard record.kind == .scalar else { return nil }
    let first = Int(record.first)
    return String(decoding: document.text[first..<first + Int(record.count)], as: UTF8.self)
  }

  /// Whether a scalar is text whatever it looks like, because it was quoted or tagged `!!str`.
  public var isQuoted: Bool { record.isText }

  /// Whether this is an unquoted `null`, `~` or nothing at all.
  public var isNull: Bool {
    record.kind == .scalar && !record.isText && (record.count == 0 || scalar == .null)
  }

  /// What a scalar is by the core schema (YAML 1.2.2 §10.3.2); nil for the others.
  public var scalar: Scalar? { text.map { Scalar($0, isQuoted: isQuoted) } }

  /// The elements of a sequence; empty for the others.
  public var elements: [Node] {
    kind == .sequence ? (0..<count).map { child($0) } : []
  }

  /// The element at `place` of a sequence.
  public func element(_ place: Int) -> Node {
    precondition(kind == .sequence && place < count, "no such element")
    return child(place)
  }

  /// The key and value at `place` of a mapping; keys are scalars.
  public func pair(_ place: Int) -> (key: Node, value: Node) {
    precondition(kind == .mapping && place < count, "no such pair")
    return (child(2 * place), child(2 * place + 1))
  }

  /// The value of `key`, if this is a mapping that holds it.
  public func value(_ key: String) -> Node? { place(of: key).map { child(2 * $0 + 1) } }

  /// The place of `key` among the pairs of a mapping.
  public func place(of key: String) -> Int? {
    guard kind == .mapping else { return nil }
    return (0..<count).first { child(2 * $0).isText(key) }
  }

  private func child(_ place: Int) -> Node {
    Node(document: document, index: document.children[Int(record.first) + place])
  }

  /// Whether this scalar's text is `other`.
  func isText(_ other: String) -> Bool {
    let record = record
    guard other.utf8.count == Int(record.count) else { return false }
    let first = Int(record.first)
    return Node.equals(document.text, first..<first + Int(record.count), other)
  }

  private static func equals(
    _ text: borrowing [UInt8], _ range: Range<Int>, _ other: String
  ) -> Bool {
    ASCII.equals(other.utf8.span, text.span.extracting(range))
  }
}
