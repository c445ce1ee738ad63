/// One option of a subcommand, such as `--config FILE`.
public struct Option: Sendable {
  /// With its dashes.
  public let name: String
  /// What its value is called in the help; nil if it takes none.
  public let value: String?
  /// One line for the help.
  public let summary: String
  /// Whether it may be there more than once.
  public let isRepeatable: Bool

  /// An option that takes a value.
  public init(_ name: String, _ value: String, _ summary: String, isRepeatable: Bool = false) {
    self.name = name
    self.value = value
    self.summary = summary
    self.isRepeatable = isRepeatable
  }

  /// An option that is there or not.
  public init(_ name: String, _ summary: String) {
    self.name = name
    value = nil
    self.summary = summary
    isRepeatable = false
  }

  /// The option that names the configuration file.
  public static let config = Option(
    "--config", "FILE", "the configuration (gatehouse.yaml)")
  /// The option that asks for JSON.
  public static let json = Option("--json", "prints JSON")
}
