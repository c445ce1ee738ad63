/// Reads a YAML text into nodes: one document, UTF-8, no surprises.
///
/// What is dangerous or ambiguous is refused: repeated keys, keys that are no scalars, merge keys,
/// tags beyond the core schema, aliases that unfold without end.
public struct YAMLReader {
  /// How much of a text is read at most.
  public struct Limits: Sendable {
    /// Bytes of the text: a file of 50,000 routes and 100,000 consumers has some 20 MiB.
    public var bytesMax = 64 * 1024 * 1024
    /// Containers within one another: no configuration needs a tenth of it.
    public var depthMax = 64
    /// Nodes, those that aliases stand for counted each time: what keeps an alias bomb from going
    /// off.
    public var nodesMax = 8 * 1024 * 1024
    /// Lines that begin with a percent sign: libyaml compares each directive with all others.
    public var directivesMax = 64

    /// The defaults.
    public init() {}
  }

  /// How much is read at most.
  public var limits = Limits()

  /// A reader with the default limits.
  public init() {}

  /// The root of the one document in `bytes`; nil if anything is wrong, which is then reported.
  public func read(_ bytes: [UInt8], into diagnostics: Diagnostics) -> Node? {
    guard bytes.count <= limits.bytesMax else {
      diagnostics.error(
        "the file has \(bytes.count) bytes", expected: "at most \(limits.bytesMax)", at: .start)
      return nil
    }
    guard !bytes.isEmpty else {
      diagnostics.error("the file is empty", at: .start)
      return nil
    }
    if let line = YAMLReader.lineOfExcessDirective(bytes, countMax: limits.directivesMax) {
      diagnostics.error(
        "the file has too many directives", expected: "at most \(limits.directivesMax)",
        at: Position(line: line, column: 1))
      return nil
    }
    var builder = YAMLBuilder(limits: limits, diagnostics: diagnostics)
    // Safety: the events are read and destroyed within the closure, while the bytes stand still.
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard var events = unsafe YAMLEvents(buffer) else {
        diagnostics.error("the file cannot be read: out of memory", at: .start)
        return nil
      }
      return builder.build(&events, bytes: bytes)
    }
  }

  /// The line of the first directive too many.
  private static func lineOfExcessDirective(_ bytes: [UInt8], countMax: Int) -> Int? {
    var line = 1
    var count = 0
    var isLineStart = true
    for byte in bytes {
      if isLineStart, byte == UInt8(ascii: "%") { count += 1 }
      if count > countMax { return line }
      isLineStart = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
      if byte == UInt8(ascii: "\n") { line += 1 }
    }
    return nil
  }
}
