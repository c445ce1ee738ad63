/// Reads the values of one mapping, reports everything that is wrong, and knows what was asked for.
///
/// A read that fails reports why and gives nil, just as a key that is absent does: read everything,
/// call `finish()`, and look at `Diagnostics.hasErrors` at the end.
public struct Settings {
  /// The mapping, or a null for one that was left empty.
  public let node: Node
  /// Where everything is reported.
  public let diagnostics: Diagnostics
  /// Where references are looked up.
  public let interpolation: Interpolation

  /// The keys that were asked for so far: those that are known.
  private(set) var known: [String] = []

  /// Reads `node`, which must be a mapping or empty; anything else is reported, once.
  public init(
    _ node: Node, in diagnostics: Diagnostics, interpolation: Interpolation = .none
  ) {
    self.diagnostics = diagnostics
    self.interpolation = interpolation
    if node.kind == .mapping || node.isNull {
      self.node = node
    } else {
      diagnostics.error(
        "a \(node.kind.word) stands here", expected: "a mapping of keys and values",
        at: node.position)
      self.node = .null(at: node.position)
      isBroken = true
    }
    known.reserveCapacity(12)
  }

  /// Whether the node was no mapping; then a missing key is not reported as well.
  private var isBroken = false

  /// Where the mapping begins.
  public var position: Position { node.position }

  // MARK: Nodes

  /// The value of `key` as it stands, or nil if it is absent.
  public mutating func node(_ key: String) -> Node? {
    if !known.contains(key) { known.append(key) }
    return node.value(key)
  }

  /// The value of `key`; its absence is reported.
  public mutating func requiredNode(_ key: String) -> Node? {
    if let found = node(key) { return found }
    if !isBroken { error("'\(key)' is missing", at: position) }
    return nil
  }

  /// The place of the value of `key`, or that of the mapping if it is absent.
  public func position(of key: String) -> Position { node.value(key)?.position ?? position }

  /// The settings below `key`, which must be a mapping; nil if it is absent.
  public mutating func settings(_ key: String) -> Settings? {
    node(key).map { Settings($0, in: diagnostics, interpolation: interpolation) }
  }

  /// The elements of the list below `key`; nil if it is absent or no list.
  public mutating func nodes(_ key: String) -> [Node]? {
    guard let found = node(key) else { return nil }
    guard found.kind == .sequence else {
      error("'\(key)' is a \(found.kind.word)", expected: "a list", at: found.position)
      return nil
    }
    return found.elements
  }

  /// The settings in the list below `key`: each element must be a mapping.
  public mutating func settingsList(_ key: String) -> [Settings]? {
    nodes(key)?.map { Settings($0, in: diagnostics, interpolation: interpolation) }
  }

  // MARK: Errors

  /// Reports an error at `position`.
  public func error(_ message: String, expected: String? = nil, at position: Position) {
    diagnostics.error(message, expected: expected, at: position)
  }

  /// Reports an error about the value of `key`.
  public func error(_ message: String, expected: String? = nil, at key: String) {
    error(message, expected: expected, at: position(of: key))
  }

  /// Reports what is odd at `position` and no error.
  public func warning(_ message: String, at position: Position) {
    diagnostics.warning(message, at: position)
  }

  /// Reports every key that nobody asked for, with the nearest one that is known.
  public func finish() {
    guard node.kind == .mapping else { return }
    for place in 0..<node.count {
      let key = node.pair(place).key
      if known.contains(where: { key.isText($0) }) { continue }
      let words = diagnostics.isFull ? [] : known.sorted()
      diagnostics.refuse("unknown key", Text(key.text ?? "", at: key.position), among: words)
    }
  }
}

extension Node.Kind {
  /// What the kind is called in messages.
  var word: String {
    switch self {
    case .scalar: "single value"
    case .sequence: "list"
    case .mapping: "mapping"
    }
  }
}
