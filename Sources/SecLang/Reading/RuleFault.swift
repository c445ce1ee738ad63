/// Why a rule file is not taken, and where it stands.
public struct RuleFault: Error, Hashable, Sendable {
  /// The name of the file.
  public let file: String
  /// The line on which the directive begins, from 1.
  public let line: Int
  /// What is wrong, in a clause.
  public let reason: String

  init(_ reason: String, file: String, line: Int) {
    self.reason = reason
    self.file = file
    self.line = line
  }
}

extension RuleFault: CustomStringConvertible {
  /// Place and reason.
  public var description: String { "\(file), line \(line): \(reason)" }
}
