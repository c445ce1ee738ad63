/// Builds the nodes of a document from events, and refuses what the reader does not allow.
struct YAMLBuilder {
  /// A container that is not yet closed.
  private struct Frame {
    var index: UInt32
    var pendingStart: Int
    var nodes: Int
    var height = 1
    var anchor: String?
  }

  /// What an alias to an anchor stands for; `nodes` is 0 as long as the container is open.
  private struct Anchor {
    var index: UInt32
    var nodes: Int
    var height: Int
  }

  let limits: YAMLReader.Limits
  let diagnostics: Diagnostics
  private let errorsBefore: Int
  var records: [Document.Record] = []
  var children: [UInt32] = []
  var text: [UInt8] = []
  private var pending: [UInt32] = []
  private var frames: [Frame] = []
  private var anchors: [String: Anchor] = [:]
  private var nodes = 0
  private var root: UInt32?

  init(limits: YAMLReader.Limits, diagnostics: Diagnostics) {
    self.limits = limits
    self.diagnostics = diagnostics
    errorsBefore = diagnostics.errorCount
  }

  /// Takes all events; nil if something is wrong.
  mutating func build(_ events: inout YAMLEvents, bytes: [UInt8]) -> Node? {
    records.reserveCapacity(bytes.count / 12)
    text.reserveCapacity(bytes.count / 2)
    var documents = 0
    loop: while true {
      switch events.next() {
      case .failure:
        report(events.failure, in: bytes)
        return nil
      case .streamEnd: break loop
      case .documentStart:
        documents += 1
        guard documents == 1 else {
          diagnostics.error(
            "a second document begins here", expected: "one document", at: events.position)
          return nil
        }
      case .streamStart, .documentEnd: break
      case let event:
        guard add(event, events) else { return nil }
      }
    }
    guard let root else {
      diagnostics.error("the file is empty", at: .start)
      return nil
    }
    guard diagnostics.errorCount == errorsBefore else { return nil }
    return Node(
      document: Document(records: records, children: children, text: text), index: root)
  }

  /// Takes one event of the document; false if there is no use in going on.
  private mutating func add(_ event: YAMLEvents.Event, _ events: borrowing YAMLEvents) -> Bool {
    let position = events.position
    switch event {
    case .scalar(let isPlain): addScalar(events, isPlain: isPlain, at: position)
    case .alias: return addAlias(events.anchor ?? "", at: position)
    case .sequenceStart: return open(.sequence, events, at: position)
    case .mappingStart: return open(.mapping, events, at: position)
    case .sequenceEnd, .mappingEnd: close()
    default: break
    }
    guard nodes <= limits.nodesMax else {
      diagnostics.error(
        "the file has too many values", expected: "at most \(limits.nodesMax)", at: position)
      return false
    }
    return true
  }

  // MARK: Scalars and aliases

  private mutating func addScalar(
    _ events: borrowing YAMLEvents, isPlain: Bool, at position: Position
  ) {
    let first = text.count
    events.appendText(to: &text)
    var record = Document.Record(
      kind: .scalar, isText: !isPlain, line: UInt32(clamping: position.line),
      column: UInt32(clamping: position.column), first: UInt32(clamping: first),
      count: UInt32(clamping: text.count - first))
    if let tag = events.tag { resolve(tag, of: &record, at: position) }
    if isKeyNext, isPlain, text.count - first == 2, text[first...].elementsEqual("<<".utf8) {
      diagnostics.error(
        "merge keys are not supported", expected: "the keys themselves, written out", at: position)
    }
    let index = append(record)
    if let anchor = events.anchor { anchors[anchor] = Anchor(index: index, nodes: 1, height: 0) }
    place(index, nodes: 1, height: 0)
  }

  private mutating func addAlias(_ name: String, at position: Position) -> Bool {
    let shown = quoted(name)
    guard let anchor = anchors[name] else {
      diagnostics.error("the alias \(shown) has no anchor before it", at: position)
      return true
    }
    guard anchor.nodes > 0 else {
      diagnostics.error("the alias \(shown) stands within its own anchor", at: position)
      return false
    }
    if isKeyNext, records[Int(anchor.index)].kind != .scalar { refuseKey(at: position) }
    nodes += anchor.nodes
    guard nodes <= limits.nodesMax else {
      diagnostics.error(
        "aliases unfold to too many values", expected: "at most \(limits.nodesMax)", at: position)
      return false
    }
    guard frames.count + anchor.height <= limits.depthMax else {
      refuseDepth(at: position)
      return false
    }
    place(anchor.index, nodes: anchor.nodes, height: anchor.height)
    return true
  }

  // MARK: Containers

  private mutating func open(
    _ kind: Node.Kind, _ events: borrowing YAMLEvents, at position: Position
  ) -> Bool {
    guard frames.count < limits.depthMax else {
      refuseDepth(at: position)
      return false
    }
    if isKeyNext { refuseKey(at: position) }
    if let tag = events.tag, tag != YAMLBuilder.tagPrefix + (kind == .mapping ? "map" : "seq") {
      refuseTag(tag, at: position)
    }
    let index = append(
      Document.Record(
        kind: kind, line: UInt32(clamping: position.line), column: UInt32(clamping: position.column)
      ))
    let anchor = events.anchor
    if let anchor { anchors[anchor] = Anchor(index: index, nodes: 0, height: 0) }
    frames.append(Frame(index: index, pendingStart: pending.count, nodes: 1, anchor: anchor))
    return true
  }

  private mutating func close() {
    guard let frame = frames.popLast() else { return }
    let first = children.count
    // Not by slices: one that lives on would make the next change copy the whole array.
    children.append(contentsOf: pending[frame.pendingStart...])
    pending.removeLast(pending.count - frame.pendingStart)
    records[Int(frame.index)].first = UInt32(clamping: first)
    records[Int(frame.index)].count = UInt32(clamping: children.count - first)
    if records[Int(frame.index)].kind == .mapping { refuseDuplicates(from: first) }
    if let anchor = frame.anchor {
      anchors[anchor] = Anchor(index: frame.index, nodes: frame.nodes, height: frame.height)
    }
    place(frame.index, nodes: frame.nodes, height: frame.height)
  }

  private mutating func append(_ record: Document.Record) -> UInt32 {
    nodes += 1
    records.append(record)
    return UInt32(clamping: records.count - 1)
  }

  /// Puts a finished node into the container that is open, or makes it the root.
  private mutating func place(_ index: UInt32, nodes: Int, height: Int) {
    guard let last = frames.indices.last else {
      root = index
      return
    }
    pending.append(index)
    frames[last].nodes += nodes
    frames[last].height = max(frames[last].height, height + 1)
  }

  /// Whether the next node is a key of the mapping that is open.
  private var isKeyNext: Bool {
    guard let frame = frames.last, records[Int(frame.index)].kind == .mapping else { return false }
    return (pending.count - frame.pendingStart) % 2 == 0
  }
}
