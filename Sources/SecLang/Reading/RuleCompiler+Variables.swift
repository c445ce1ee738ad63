/// Variables, selectors and macros.
extension RuleCompiler {
  mutating func add(
    _ part: VariableList.Part, to rule: inout RuleDraft, _ directive: Directive
  ) throws(RuleFault) {
    if let selector = try selector(part, directive) {
      if part.isExcluded {
        rule.exceptions.append(selector)
      } else if part.isCount {
        rule.variables.append(.count([selector], except: []))
      } else {
        rule.inputs.append(selector)
      }
      return
    }
    if part.isExcluded { return }
    rule.variables.append(try variable(part, directive))
  }

  /// The members of the request's collections that `part` means; nil if it is another variable.
  func selector(_ part: VariableList.Part, _ directive: Directive) throws(RuleFault) -> Selector? {
    guard let kinds = Collection.kinds(part.collection) else { return nil }
    let mask = kinds.reduce(UInt64(0)) { $0 | $1.bit }
    guard let member = part.member else { return Selector(kinds: mask, names: .all) }
    if part.isExpression {
      guard let names = BacktrackingPattern(member, isCaseless: true) else {
        throw directive.fault("no expression for names")
      }
      return Selector(kinds: mask, names: .matching(names))
    }
    return Selector(
      kinds: mask, names: .exact(member.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }))
  }

  private mutating func variable(
    _ part: VariableList.Part, _ directive: Directive
  ) throws(RuleFault) -> Variable {
    switch part.collection {
    case "TX":
      guard let member = part.member else {
        throw directive.fault("TX without the name of a value")
      }
      if part.isExpression {
        guard let names = BacktrackingPattern(member, isCaseless: true) else {
          throw directive.fault("no expression for names")
        }
        return part.isCount ? .transactionCountMatching(names) : .transactionMatching(names)
      }
      return part.isCount ? .transactionCount(slot(member)) : .transaction(slot(member))
    case "MATCHED_VAR": return .matchedValue
    case "MATCHED_VARS": return .matchedValues
    case "MATCHED_VAR_NAME": return .matchedName
    case "MATCHED_VARS_NAMES": return .matchedNames
    case "ARGS_COMBINED_SIZE": return .argumentBytes
    case "FILES_COMBINED_SIZE": return .fileBytes
    case "REQUEST_BODY_LENGTH": return .bodyBytes
    case "REQBODY_PROCESSOR": return .bodyProcessor
    case "REQBODY_ERROR", "REQBODY_PROCESSOR_ERROR": return .bodyFault
    case let name where name.hasPrefix("MULTIPART_"): return .multipartFault
    case "DURATION", "FULL_REQUEST_LENGTH", "FILES_SIZES", "INBOUND_DATA_ERROR":
      return .constant(Array("0".utf8))
    case "UNIQUE_ID": return .constant(Array("0000000000000000".utf8))
    case let name where RuleCompiler.absent.contains(name) || name.hasPrefix("RESPONSE_"):
      return part.isCount ? .countOfNothing : .nothing
    default: throw directive.fault("unknown variable \(part.collection)")
    }
  }

  /// What the gateway keeps nothing of, or what responses have.
  private static let absent: Set<String> = [
    "IP", "GEO", "SESSION", "GLOBAL", "RESOURCE", "USER", "ENV", "RULE", "HIGHEST_SEVERITY",
    "REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "SERVER_ADDR", "SERVER_PORT", "AUTH_TYPE",
    "OUTBOUND_DATA_ERROR", "SESSIONID", "USERID", "WEBAPPID", "STATUS_LINE", "PATH_INFO",
    "FILES_TMPNAMES", "FILES_TMP_CONTENT", "TIME", "TIME_EPOCH", "TIME_HOUR", "TIME_MIN",
    "TIME_SEC", "TIME_DAY", "TIME_WDAY", "TIME_MON", "TIME_YEAR", "STREAM_INPUT_BODY",
    "STREAM_OUTPUT_BODY", "URLENCODED_ERROR", "XML", "RULES",
  ]

  /// A text with its places for values.
  mutating func macro(_ text: [UInt8]) -> Macro {
    var parts: [Macro.Part] = []
    var plain: [UInt8] = []
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "%"), at + 1 < text.count, text[at + 1] == UInt8(ascii: "{"),
        let end = text[at...].firstIndex(of: UInt8(ascii: "}")),
        let part = part(String(decoding: text[at + 2..<end], as: UTF8.self))
      {
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = []
        parts.append(part)
        at = end + 1
      } else {
        plain.append(text[at])
        at += 1
      }
    }
    if !plain.isEmpty { parts.append(.text(plain)) }
    return Macro(parts: parts)
  }

  private mutating func part(_ name: String) -> Macro.Part? {
    let pieces = name.split(separator: ".", maxSplits: 1)
    guard let collection = pieces.first?.uppercased() else { return nil }
    if collection == "TX", pieces.count == 2 { return .transaction(slot(Array(pieces[1].utf8))) }
    switch name.uppercased() {
    case "MATCHED_VAR": return .variable(.matchedValue)
    case "MATCHED_VAR_NAME": return .variable(.matchedName)
    case "RULE.ID": return .ruleID
    case "RULE.MSG": return .ruleMessage
    default: break
    }
    guard let kinds = Collection.kinds(collection) else { return .text([]) }
    let mask = kinds.reduce(UInt64(0)) { $0 | $1.bit }
    let names: Selector.Names =
      pieces.count == 2 ? .exact(Array(pieces[1].lowercased().utf8)) : .all
    return .input(Selector(kinds: mask, names: names))
  }
}
