/// A file of rules: what it is called in messages, and its content.
public struct RuleFile: Sendable {
  /// What messages call it.
  public let name: String
  /// What it holds.
  public let text: [UInt8]

  public init(name: String, text: [UInt8]) {
    self.name = name
    self.text = text
  }
}
