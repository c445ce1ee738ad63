/// Reads a document that may be JSON or YAML: which, its first character says.
public enum DocumentReader {
  /// The root of the text; nil if anything is wrong, which is then reported.
  public static func read(_ bytes: [UInt8], into diagnostics: Diagnostics) -> Node? {
    let first = bytes.first { $0 > 0x20 }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      return JSONDocumentReader().read(bytes, into: diagnostics)
    }
    return YAMLReader().read(bytes, into: diagnostics)
  }
}

extension Node {
  /// The place of what a pointer leads to, or of the last on the way that is there.
  public func position(at pointer: JSONPointer) -> Position {
    var node = self
    for token in pointer.tokens {
      let next =
        node.kind == .mapping
        ? node.value(token)
        : JSONPointer.place(token).flatMap { $0 < node.count ? node.element($0) : nil }
      guard let next else { break }
      node = next
    }
    return node.position
  }
}
