import Base

/// What may be done with which types.
extension ExpressionParser {
  func require(
    _ part: Part, _ type: ExpressionType, _ what: String
  ) throws(ExpressionError) {
    guard part.type.mayBe(type) else {
      throw fault("expected \(what), found \(part.type.rawValue)")
    }
  }

  func compared(
    _ left: Part, _ found: ExpressionNode.Operator, _ right: Part
  ) throws(ExpressionError) -> Part {
    switch found {
    case .member:
      if case .variable(let number) = right.node, right.type == .map {
        try require(left, .string, "a text before 'in'")
        return (.hasEntry(number, left.node), .bool)
      }
      guard right.type.mayBe(.list) || right.type.mayBe(.map) else {
        throw fault("'in' wants a list or a map, found \(right.type.rawValue)")
      }
    case .equal, .unequal:
      let isNull = left.type == .null || right.type == .null
      let areNumbers = left.type.isNumber && right.type.isNumber
      guard left.type.mayBe(right.type) || areNumbers || isNull else {
        throw fault("\(left.type.rawValue) and \(right.type.rawValue) are never equal")
      }
    default:
      let areNumbers = left.type.isNumber && right.type.isNumber
      let areTexts = left.type.mayBe(.string) && right.type.mayBe(.string)
      guard areNumbers || areTexts else {
        throw fault("\(left.type.rawValue) and \(right.type.rawValue) have no order")
      }
    }
    return (.binary(found, left.node, right.node), .bool)
  }

  func computed(
    _ left: Part, _ found: ExpressionNode.Operator, _ right: Part
  ) throws(ExpressionError) -> Part {
    let node = ExpressionNode.binary(found, left.node, right.node)
    if left.type == .dynamic || right.type == .dynamic { return (node, .dynamic) }
    if left.type == right.type {
      if left.type == .int || (left.type == .double && found != .remainder) {
        return (node, left.type)
      }
      if found == .plus, left.type == .string || left.type == .list { return (node, left.type) }
    }
    throw fault(
      "'\(found.rawValue)' does not go with \(left.type.rawValue) and \(right.type.rawValue)")
  }

  func element(of part: Part, _ key: Part) throws(ExpressionError) -> Part {
    switch part.type {
    case .map:
      try require(key, .string, "a text as key")
      guard case .variable(let number) = part.node else {
        return (.index(part.node, key.node), .dynamic)
      }
      let variable = environment.variables[number]
      if let keys = variable.keys, case .value(.string(let name)) = key.node,
        !keys.contains(name)
      {
        let known =
          keys.isEmpty ? "there are none" : "expected one of " + keys.joined(separator: ", ")
        throw fault("\(variable.name) has no '\(name)', \(known)")
      }
      return (.entry(number, key.node), variable.keys == nil ? .dynamic : .string)
    case .list: try require(key, .int, "a number as place")
    case .dynamic: break
    default: throw fault("\(part.type.rawValue) has no members")
    }
    return (.index(part.node, key.node), .dynamic)
  }

  func call(
    _ name: String, _ given: [Part], at start: Int
  ) throws(ExpressionError) -> Part {
    guard let function = ExpressionNode.Function(rawValue: name) else {
      let known = ExpressionNode.Function.allCases.map(\.rawValue).joined(separator: ", ")
      throw ExpressionError(
        message: "'\(name)' is no function, expected one of has, \(known)", offset: start)
    }
    let (types, result) = ExpressionParser.signature(function)
    guard given.count == types.count else {
      throw ExpressionError(
        message: "'\(name)' takes \(types.count), found \(given.count)", offset: start)
    }
    for (part, allowed) in zip(given, types) {
      guard allowed.contains(where: { part.type.mayBe($0) }) else {
        let words = allowed.map(\.rawValue).joined(separator: " or ")
        throw ExpressionError(
          message: "'\(name)' wants \(words), found \(part.type.rawValue)", offset: start)
      }
    }
    if function == .inNetwork, case .value(.string(let text)) = given[1].node,
      AddressBlock(text) == nil
    {
      throw ExpressionError(message: "'\(text)' is no network", offset: start)
    }
    return (.call(function, given.map(\.node)), result)
  }

  private static func signature(
    _ function: ExpressionNode.Function
  ) -> ([[ExpressionType]], ExpressionType) {
    switch function {
    case .size: ([[.string, .list]], .int)
    case .startsWith, .endsWith, .contains: ([[.string], [.string]], .bool)
    case .lowerAscii, .upperAscii: ([[.string]], .string)
    case .inNetwork: ([[.address], [.string]], .bool)
    case .int: ([[.int, .double, .string]], .int)
    case .double: ([[.int, .double, .string]], .double)
    case .string: ([[.bool, .int, .double, .string, .address]], .string)
    }
  }
}
