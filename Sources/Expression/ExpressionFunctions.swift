import Base

/// The functions; each is called as `f(x, y)` or as `x.f(y)`.
enum ExpressionFunctions {
  static func apply(
    _ function: ExpressionNode.Function, _ given: [ExpressionValue]
  ) throws(EvaluationError) -> ExpressionValue {
    switch (function, given[0]) {
    case (.size, .string(let text)): return .int(Int64(text.unicodeScalars.count))
    case (.size, .list(let values)): return .int(Int64(values.count))
    case (.lowerAscii, .string(let text)): return .string(mapped(text, ASCII.lowercased))
    case (.upperAscii, .string(let text)):
      return .string(mapped(text) { $0 &- 0x61 < 26 ? $0 - 0x20 : $0 })
    case (.startsWith, .string(let text)):
      return .bool(text.utf8.starts(with: try second(given).utf8))
    case (.endsWith, .string(let text)):
      return .bool(text.utf8.reversed().starts(with: try second(given).utf8.reversed()))
    case (.contains, .string(let text)): return .bool(holds(text, try second(given)))
    case (.inNetwork, .address(let address)):
      guard let block = AddressBlock(try second(given)) else { throw .wrongType }
      return .bool(block.contains(address))
    case (.string, let value): return .string(try string(value))
    case (.int, let value): return .int(try int(value))
    case (.double, let value): return .double(try double(value))
    default: throw .wrongType
    }
  }

  private static func second(_ given: [ExpressionValue]) throws(EvaluationError) -> String {
    guard given.count == 2, case .string(let text) = given[1] else { throw .wrongType }
    return text
  }

  private static func mapped(_ text: String, _ change: (UInt8) -> UInt8) -> String {
    String(decoding: text.utf8.map(change), as: UTF8.self)
  }

  private static func holds(_ text: String, _ part: String) -> Bool {
    let (bytes, wanted) = (Array(text.utf8), Array(part.utf8))
    if wanted.isEmpty { return true }
    if wanted.count > bytes.count { return false }
    return (0...bytes.count - wanted.count).contains {
      bytes[$0] == wanted[0] && bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
    }
  }

  private static func string(_ value: ExpressionValue) throws(EvaluationError) -> String {
    switch value {
    case .string(let text): return text
    case .int(let number): return String(number)
    case .double(let number): return String(number)
    case .bool(let truth): return truth ? "true" : "false"
    case .address(let address): return address.description
    default: throw .wrongType
    }
  }

  private static func int(_ value: ExpressionValue) throws(EvaluationError) -> Int64 {
    switch value {
    case .int(let number): return number
    case .double(let number):
      guard let exact = Int64(exactly: number.rounded(.towardZero)) else { throw .overflow }
      return exact
    case .string(let text):
      guard let number = Int64(text) else { throw .wrongType }
      return number
    default: throw .wrongType
    }
  }

  private static func double(_ value: ExpressionValue) throws(EvaluationError) -> Double {
    switch value {
    case .int(let number): return Double(number)
    case .double(let number): return number
    case .string(let text):
      guard let number = Double(text) else { throw .wrongType }
      return number
    default: throw .wrongType
    }
  }
}
