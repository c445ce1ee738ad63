import Base

/// Operators.
extension RuleCompiler {
  mutating func setOperation(
    _ text: [UInt8], of rule: inout RuleDraft, _ directive: Directive
  ) throws(RuleFault) {
    var rest = ActionList.trimmed(text[...])
    if rest.first == UInt8(ascii: "!") {
      rule.isNegated = true
      rest.removeFirst()
      rest = ActionList.trimmed(rest)
    }
    var name = "rx"
    if rest.first == UInt8(ascii: "@") {
      let word = rest.dropFirst().prefix { $0 != 0x20 && $0 != 0x09 }
      name = String(decoding: word, as: UTF8.self)
      rest = rest.dropFirst(word.count + 1).drop { $0 == 0x20 || $0 == 0x09 }
    }
    rule.operation = try operation(name.lowercased(), Array(rest), rule.captures, directive)
  }

  private mutating func operation(
    _ name: String, _ value: [UInt8], _ captures: Bool, _ directive: Directive
  ) throws(RuleFault) -> Operation {
    switch name {
    case "rx", "rxglobal":
      return .pattern(pattern(.expression(value), captures: captures, directive))
    case "pm":
      let phrases = value.split(whereSeparator: { $0 == 0x20 }).map { Array($0) }
      guard !phrases.isEmpty else { throw directive.fault("@pm without a phrase") }
      return .pattern(pattern(.phrases(phrases), captures: captures, directive))
    case "pmfromfile", "pmf":
      var phrases: [[UInt8]] = []
      for file in String(decoding: value, as: UTF8.self).split(separator: " ") {
        phrases += try self.phrases(String(file), directive)
      }
      return .pattern(pattern(.phrases(phrases), captures: captures, directive))
    case "eq": return .number(.equal, macro(value))
    case "ge": return .number(.atLeast, macro(value))
    case "gt": return .number(.greater, macro(value))
    case "le": return .number(.atMost, macro(value))
    case "lt": return .number(.less, macro(value))
    case "streq": return .equals(macro(value))
    case "contains": return .contains(macro(value))
    case "containsword": return .containsWord(macro(value))
    case "beginswith": return .begins(macro(value))
    case "endswith": return .ends(macro(value))
    case "within": return .within(macro(value))
    case "strmatch": return .contains(macro(value))
    case "ipmatch": return try addresses(value, directive)
    case "ipmatchfromfile", "ipmatchf":
      let lines = try phrases(String(decoding: value, as: UTF8.self), directive)
      return try addresses(Array(lines.joined(separator: [0x2C])), directive)
    case "validatebyterange": return .byteRange(try byteSet(value, directive))
    case "validateurlencoding": return .percentEncoding
    case "validateutf8encoding": return .utf8Encoding
    case "detectsqli": return .sqlInjection
    case "detectxss": return .markupInjection
    case "unconditionalmatch": return .always
    // These ask somebody else, look at files, or at responses: nothing the gateway does here.
    case "nomatch", "rbl", "geolookup", "gsblookup", "inspectfile", "fuzzyhash", "validatehash",
      "validatedtd", "validateschema", "verifycc", "verifyssn", "verifycpf", "rsub":
      return .never
    default: throw directive.fault("unknown operator @\(name)")
    }
  }

  private func addresses(_ value: [UInt8], _ directive: Directive) throws(RuleFault) -> Operation {
    var ranges: [AddressRange] = []
    for part in value.split(separator: UInt8(ascii: ",")) {
      let text = String(decoding: ActionList.trimmed(part), as: UTF8.self)
      guard let range = AddressRange(text) else {
        throw directive.fault("no address: \(text)")
      }
      ranges.append(range)
    }
    return .addresses(ranges)
  }

  private func byteSet(_ value: [UInt8], _ directive: Directive) throws(RuleFault) -> ByteSet {
    var set = ByteSet()
    for part in String(decoding: value, as: UTF8.self).split(separator: ",") {
      let bounds = part.split(separator: "-").map { word in
        UInt8(word.filter { $0 != " " })
      }
      guard let low = bounds.first ?? nil, let high = bounds.last ?? nil, low <= high else {
        throw directive.fault("no range of bytes: \(part)")
      }
      for byte in low...high { set.insert(byte) }
    }
    return set
  }
}
