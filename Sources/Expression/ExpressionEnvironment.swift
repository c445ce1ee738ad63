/// The variables that expressions at one place may use.
///
/// A variable has a name of one or more words with dots between them, `request.method` say. One
/// whose type is `map` is asked for member by member, so that nobody has to build all of it.
public struct ExpressionEnvironment: Sendable {
  /// A variable, by its place in the list.
  struct Variable: Sendable {
    let name: String
    let type: ExpressionType
    /// The keys that there can be, where they are known.
    let keys: [String]?
  }

  private(set) var variables: [Variable] = []

  public init() {}

  /// Declares a variable; its number is what a context is asked for.
  @discardableResult
  public mutating func declare(
    _ name: String, _ type: ExpressionType, keys: [String]? = nil
  ) -> Int {
    variables.append(Variable(name: name, type: type, keys: keys))
    return variables.count - 1
  }

  func find(_ name: String) -> Int? { variables.firstIndex { $0.name == name } }

  /// Whether some variable's name goes on behind `prefix` and a dot.
  func hasNames(below prefix: String) -> Bool {
    variables.contains { $0.name.hasPrefix(prefix + ".") }
  }

  var names: [String] { variables.map(\.name) }
}
