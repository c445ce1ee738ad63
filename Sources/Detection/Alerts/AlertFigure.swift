/// A number that shows why there is an alert.
public struct AlertFigure: Sendable, Equatable {
  /// What it counts.
  public var name: String
  public var value: Int

  /// A figure by what it counts.
  public init(_ name: String, _ value: Int) {
    self.name = name
    self.value = value
  }

  /// A number that is not whole, rounded.
  init(_ name: String, _ value: Double) {
    self.init(name, value.isFinite ? Int(max(-9e15, min(9e15, value.rounded()))) : 0)
  }
}
