/// One thing that is wrong with a text, where it is, and what was expected there.
public struct Diagnostic: Hashable, Sendable {
  /// Whether the text can be used in spite of it.
  public enum Severity: Hashable, Sendable { case error, warning }

  /// The name of the file, as the user wrote it.
  public let file: String
  /// Where it is.
  public let position: Position
  /// Whether the file can be used all the same.
  public let severity: Severity
  /// What is wrong; never holds a secret.
  public let message: String
  /// What would have been right, if that can be said.
  public let expected: String?

  /// A finding at a place.
  public init(
    file: String, position: Position, severity: Severity, message: String, expected: String?
  ) {
    self.file = file
    self.position = position
    self.severity = severity
    self.message = message
    self.expected = expected
  }

  /// The line, from 1.
  public var line: Int { position.line }
  /// The column, from 1.
  public var column: Int { position.column }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: what, expected what`, on one line; a warning says that it is one.
  public var description: String {
    let place = "\(file):\(line):\(column): "
    let kind = severity == .warning ? "warning: " : ""
    let text = place + kind + message + (expected.map { ", expected \($0)" } ?? "")
    return onOneLine(text)
  }
}
