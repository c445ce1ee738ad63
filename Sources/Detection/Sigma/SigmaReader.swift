import Base
import Blueprint
import Formats

/// Reads Sigma rules (Sigma specification 2.0, rules).
public enum SigmaReader {
  /// The longest rule, in bytes; selections, tests and values of one rule.
  public static let bytesMax = 256 * 1024
  private static let partsMax = 4096

  /// Reads the rule in a file.
  public static func rule(_ bytes: [UInt8], file: String) throws(SigmaFault) -> SigmaRule {
    let diagnostics = Diagnostics(file: file)
    guard bytes.count <= bytesMax, let root = YAMLReader().read(bytes, into: diagnostics),
      root.kind == .mapping
    else { throw SigmaFault(diagnostics.sorted.first?.description ?? "is no rule") }
    if root.value("correlation") != nil { throw SigmaFault("correlations are not supported") }
    guard let detection = root.value("detection"), detection.kind == .mapping else {
      throw SigmaFault("has no 'detection'")
    }
    if detection.value("timeframe") != nil { throw SigmaFault("'timeframe' is not supported") }
    var (names, selections, parts): ([String], [[[SigmaTest]]], Int) = ([], [], 0)
    for place in 0..<detection.count {
      let pair = detection.pair(place)
      guard let name = pair.key.text, name != "condition" else { continue }
      names.append(name)
      selections.append(try selection(pair.value, name, &parts))
    }
    guard let condition = detection.value("condition")?.text else {
      throw SigmaFault("has no 'condition', or several")
    }
    return SigmaRule(
      title: root.value("title")?.text ?? file, id: root.value("id")?.text ?? "",
      severity: try severity(root.value("level")?.text), selections: selections,
      condition: try SigmaConditionParser.parse(condition, names))
  }

  private static func severity(_ level: String?) throws(SigmaFault) -> AlertSeverity {
    switch level {
    case nil: return .medium
    case "informational": return .information
    case let level?:
      guard let severity = AlertSeverity(rawValue: level) else {
        throw SigmaFault("the level '\(level)' is none of Sigma's")
      }
      return severity
    }
  }

  private static func selection(
    _ node: Node, _ name: String, _ parts: inout Int
  ) throws(SigmaFault) -> [[SigmaTest]] {
    switch node.kind {
    case .mapping: return [try tests(node, &parts)]
    case .sequence:
      var alternatives: [[SigmaTest]] = []
      for element in node.elements {
        guard element.kind == .mapping else {
          throw SigmaFault("'\(name)' has key words, which are not supported")
        }
        alternatives.append(try tests(element, &parts))
      }
      return alternatives
    case .scalar: throw SigmaFault("'\(name)' is no selection")
    }
  }

  private static func tests(_ node: Node, _ parts: inout Int) throws(SigmaFault) -> [SigmaTest] {
    var tests: [SigmaTest] = []
    for place in 0..<node.count {
      let pair = node.pair(place)
      let words = (pair.key.text ?? "").split(separator: "|").map(String.init)
      guard let name = words.first, let field = SigmaField(name) else {
        throw SigmaFault("the field '\(words.first ?? "")' is none that events have")
      }
      var modifiers = words.dropFirst().map { $0.lowercased() }
      let needsAll = modifiers.contains("all")
      modifiers.removeAll { $0 == "all" }
      let nodes = pair.value.kind == .sequence ? pair.value.elements : [pair.value]
      var values: [SigmaTest.Value] = []
      for node in nodes {
        parts += 1
        guard parts <= partsMax else { throw SigmaFault("has more than \(partsMax) values") }
        values.append(try value(node, modifiers, field))
      }
      tests.append(SigmaTest(field: field, values: values, needsAll: needsAll))
    }
    return tests
  }

  private static func value(
    _ node: Node, _ modifiers: [String], _ field: SigmaField
  ) throws(SigmaFault) -> SigmaTest.Value {
    if node.isNull, modifiers.isEmpty { return .isThere(false) }
    guard node.kind == .scalar, let text = node.text else {
      throw SigmaFault("a value is no single value")
    }
    let isCased = modifiers.contains("cased")
    let others = modifiers.filter { $0 != "cased" }
    guard others.count <= 1 else {
      throw SigmaFault("the modifiers '\(others.joined(separator: "|"))' do not go together")
    }
    switch others.first {
    case nil:
      if text.isEmpty { return .isThere(false) }
      return .glob(SigmaGlob(text, isCased: isCased))
    case "contains":
      return .glob(SigmaGlob(text, isCased: isCased, opensAnywhere: true, endsAnywhere: true))
    case "startswith": return .glob(SigmaGlob(text, isCased: isCased, endsAnywhere: true))
    case "endswith": return .glob(SigmaGlob(text, isCased: isCased, opensAnywhere: true))
    case "cidr":
      guard field == .client, let block = AddressBlock(text) else {
        throw SigmaFault("'\(text)' is no block of addresses, or its field is none of them")
      }
      return .block(block)
    case "exists":
      guard text == "true" || text == "false" else { throw SigmaFault("'exists' is no truth") }
      return .isThere(text == "true")
    case let word?: return try comparison(word, text)
    }
  }

  private static func comparison(
    _ word: String, _ text: String
  ) throws(SigmaFault) -> SigmaTest.Value {
    guard ["gt", "gte", "lt", "lte"].contains(word) else {
      throw SigmaFault("the modifier '\(word)' is not supported")
    }
    guard let bound = Int(text) else { throw SigmaFault("'\(text)' is no number") }
    return .compare(isGreater: word.hasPrefix("gt"), orEqual: word.hasSuffix("e"), bound)
  }
}
