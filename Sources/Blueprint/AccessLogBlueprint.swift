public import Formats

/// The log of requests.
public struct AccessLogBlueprint: Sendable {
  public enum Target: Sendable {
    case off
    case standardOutput
    /// A file; the path is as written.
    case file(Text)
  }

  public enum Format: String, CaseIterable, Sendable { case json, common, combined }

  /// When a file is closed and a new one begun. Nil means never by this measure.
  public struct Rotation: Hashable, Sendable {
    public var sizeBytes: Int?
    public var ageMilliseconds: Int?
    /// How many old files stay.
    public var keep = 7
  }

  public var target = Target.standardOutput
  public var format = Format.json
  /// Nil if the file is never rotated, or by others.
  public var rotation: Rotation?
  /// Names of fields and query parameters whose values are masked, in lower case, beside those that
  /// always are.
  public var mask: [String] = []

  /// The defaults.
  public init() {}
}
