public import Base

extension Settings {
  /// The texts in the list below `key`, each with its place; one text is a list of one. Nil if the
  /// key is absent; elements that are no text are reported and left out.
  public mutating func texts(_ key: String) -> [Text]? {
    guard let found = node(key) else { return nil }
    switch found.kind {
    case .sequence: return found.elements.compactMap { text(of: $0, key) }
    case .scalar: return text(of: found, key).map { [$0] } ?? []
    case .mapping:
      error("'\(key)' is a mapping", expected: "a list", at: found.position)
      return nil
    }
  }

  /// The strings in the list below `key`; one string is a list of one.
  public mutating func list(_ key: String) -> [String]? { texts(key)?.map(\.string) }

  /// The strings in the list below `key`; absence or an empty list is reported.
  public mutating func requiredList(_ key: String) -> [String]? {
    guard requiredNode(key) != nil, let list = list(key) else { return nil }
    if list.isEmpty, let found = node(key), found.kind == .sequence, found.count == 0 {
      error("'\(key)' is empty", expected: "at least one element", at: found.position)
      return nil
    }
    return list
  }

  /// The words in the list below `key`, each one of `words`.
  public mutating func choices(_ key: String, _ words: [String]) -> [String]? {
    texts(key)?.compactMap { text in
      if words.contains(text.string) { return text.string }
      refuse(text, key, words: words)
      return nil
    }
  }

  /// The address blocks in the list below `key`: `10.0.0.0/8`, `2001:db8::/32`, or one address.
  public mutating func addressBlocks(_ key: String) -> [AddressBlock]? {
    texts(key)?.compactMap { text in
      if let block = AddressBlock(text.string) { return block }
      refuse(text, key, expected: "an address or block such as 10.0.0.0/8, no bits set behind it")
      return nil
    }
  }

  /// The pairs of the mapping of texts below `key`, in the order of the file; nil if it is absent.
  public mutating func pairs(_ key: String) -> [(key: Text, value: Text)]? {
    guard let found = node(key) else { return nil }
    guard found.kind == .mapping else {
      error("'\(key)' is a \(found.kind.word)", expected: "a mapping", at: found.position)
      return nil
    }
    return (0..<found.count).compactMap { place in
      let pair = found.pair(place)
      let name = pair.key.text ?? ""
      return text(of: pair.value, name).map { (Text(name, at: pair.key.position), $0) }
    }
  }
}
