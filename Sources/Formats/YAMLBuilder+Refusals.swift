import Base

extension YAMLBuilder {
  static let tagPrefix = "tag:yaml.org,2002:"

  /// Reports what the parser says, where it says it.
  func report(_ failure: (problem: String, position: Position, offset: Int?), in bytes: [UInt8]) {
    guard let offset = failure.offset else {
      let hint =
        hasBraces(bytes, line: failure.position.line)
        ? "quotes around a value with braces within [ ] or { }" : nil
      diagnostics.error("invalid YAML: \(failure.problem)", expected: hint, at: failure.position)
      return
    }
    let before = bytes.prefix(offset)
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let position = Position(
      line: before.count { $0 == 0x0A } + 1,
      column: String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1)
    diagnostics.error(
      "the file is no text: \(failure.problem)", expected: "UTF-8 without control characters",
      at: position)
  }

  /// Whether a line looks as if a path template or a reference stood within a list without quotes.
  private func hasBraces(_ bytes: [UInt8], line: Int) -> Bool {
    let lines = bytes.split(separator: 0x0A, maxSplits: line, omittingEmptySubsequences: false)
    guard let text = lines.prefix(line).last.map({ String(decoding: $0, as: UTF8.self) }) else {
      return false
    }
    return text.contains("${") || text.contains("/{")
  }

  func refuseDepth(at position: Position) {
    diagnostics.error(
      "too many levels within one another", expected: "at most \(limits.depthMax)", at: position)
  }

  func refuseKey(at position: Position) {
    diagnostics.error("a list or mapping cannot be a key", expected: "a plain word", at: position)
  }

  func refuseTag(_ tag: String, at position: Position) {
    let short =
      tag.hasPrefix(YAMLBuilder.tagPrefix)
      ? "!!" + tag.dropFirst(YAMLBuilder.tagPrefix.count) : tag
    diagnostics.error(
      "the tag \(quoted(short)) is not supported", expected: "a plain value", at: position)
  }

  /// Gives an explicitly tagged scalar the type that it asks for, if its text has that form.
  func resolve(_ tag: String, of record: inout Document.Record, at position: Position) {
    let first = Int(record.first)
    let value = Scalar(String(decoding: text[first..<first + Int(record.count)], as: UTF8.self))
    let name =
      tag.hasPrefix(YAMLBuilder.tagPrefix)
      ? tag.dropFirst(YAMLBuilder.tagPrefix.count) : Substring(tag)
    let isForm: Bool
    switch (name, value) {
    case ("str", _), ("!", _):
      record.isText = true
      return
    case ("int", .integer), ("float", .integer), ("float", .number), ("bool", .boolean),
      ("null", .null):
      isForm = true
    case ("int", _), ("float", _), ("bool", _), ("null", _): isForm = false
    default:
      refuseTag(tag, at: position)
      return
    }
    record.isText = false
    if !isForm {
      diagnostics.error("the value has not the form of its tag '!!\(name)'", at: position)
    }
  }

  /// Reports the keys, set before, of the mapping whose keys and values begin at `first` in
  /// `children`.
  func refuseDuplicates(from first: Int) {
    let count = (children.count - first) / 2
    guard count <= 12 else {
      refuseDuplicatesOfMany(from: first)
      return
    }
    var place = 1
    while place < count {
      let key = children[first + 2 * place]
      if let before = (0..<place).first(where: { isSame(children[first + 2 * $0], key) }) {
        refuseDuplicate(key, before: children[first + 2 * before])
      }
      place += 1
    }
  }

  private func refuseDuplicatesOfMany(from first: Int) {
    var seen: [String: UInt32] = [:]
    seen.reserveCapacity((children.count - first) / 2)
    for place in stride(from: first, to: children.count, by: 2) {
      let key = children[place]
      if let before = seen.updateValue(key, forKey: string(key)) {
        refuseDuplicate(key, before: before)
      }
    }
  }

  private func refuseDuplicate(_ key: UInt32, before: UInt32) {
    let record = records[Int(key)]
    diagnostics.error(
      "\(quoted(string(key))) is set twice, first in line \(records[Int(before)].line)",
      at: Position(line: Int(record.line), column: Int(record.column)))
  }

  private func isSame(_ left: UInt32, _ right: UInt32) -> Bool {
    let (left, right) = (records[Int(left)], records[Int(right)])
    guard left.count == right.count else { return false }
    let (from, other) = (Int(left.first), Int(right.first))
    return ASCII.equals(
      text.span.extracting(from..<from + Int(left.count)),
      text.span.extracting(other..<other + Int(right.count)))
  }

  private func string(_ index: UInt32) -> String {
    let record = records[Int(index)]
    let first = Int(record.first)
    return String(decoding: text[first..<first + Int(record.count)], as: UTF8.self)
  }
}
