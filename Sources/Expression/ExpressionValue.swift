public import Base

/// What an expression can hold while it is evaluated.
public enum ExpressionValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  case list([ExpressionValue])
  case map([String: ExpressionValue])
  case address(IPAddress)

  /// The type, as the checker calls it.
  var type: ExpressionType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .double: .double
    case .string: .string
    case .list: .list
    case .map: .map
    case .address: .address
    }
  }
}
