/// Why the access log cannot be written.
public struct AccessLogError: Error, CustomStringConvertible, Sendable {
  /// The file.
  public let path: String
  /// Why, in the system's words.
  public let reason: String

  public var description: String { "cannot open the access log \(path): \(reason)" }
}
