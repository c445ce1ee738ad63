/// A value in a file of places, as far as places need them.
enum PlaceValue: Sendable {
  case text(String)
  case number(UInt64)
  case real(Double)
  case map([String: PlaceValue])
  /// Of a type that nobody asks for.
  case other

  var number: UInt64? { if case .number(let number) = self { number } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var real: Double? {
    switch self {
    case .real(let real): real.isFinite ? real : nil
    case .number(let number): Double(number)
    default: nil
    }
  }
}
