public import Formats

/// The log of requests.
public struct AccessLogBlueprint: Sendable {
  /// Where the entries go.
  public enum Target: Sendable {
    case off
    case standardOutput
    /// A file; the path is as written.
    case file(Text)
  }

  /// How an entry is written: JSON lines, or the Common or Combined Log Format.
  public enum Format: String, CaseIterable, Sendable { case json, common, combined }

  /// When a file is closed and a new one begun. Nil means never by this measure.
  public struct Rotation: Hashable, Sendable {
    /// Once the file has this many bytes.
    public var sizeBytes: Int?
    /// Once the file is this old.
    public var ageMilliseconds: Int?
    /// How many old files stay.
    public var keep = 7
  }

  /// Where the entries go; standard output by default.
  public var target = Target.standardOutput
  /// How an entry is written.
  public var format = Format.json
  /// Nil if the file is never rotated, or by others.
  public var rotation: Rotation?
  /// Names of fields and query parameters whose values are masked, in lower case, beside those that
  /// always are.
  public var mask: [String] = []

  /// The defaults.
  public init() {}
}
