/// A command line that cannot be understood; the process ends with status 2.
public struct UsageError: Error, Hashable, Sendable {
  /// What is wrong and, where that can be said, what was probably meant.
  public let message: String

  /// An error in these words.
  public init(_ message: String) { self.message = message }
}

extension UsageError: CustomStringConvertible {
  public var description: String { message }
}
