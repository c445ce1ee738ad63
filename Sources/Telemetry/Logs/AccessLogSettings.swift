/// Where the access log goes, and in which form.
public struct AccessLogSettings: Hashable, Sendable {
  /// The form of a line.
  public enum Format: Sendable { case json, common, combined }

  /// The file; nil for standard output.
  public var path: String?
  public var format: Format
  /// The size at which the file is moved aside; nil for never.
  public var rotateBytes: Int?
  /// The age in seconds at which it is; nil for never.
  public var rotateAgeSeconds: Int?
  /// How many files that were moved aside are kept.
  public var keep: Int
  /// Names of fields and query parameters that are masked beside those that always are.
  public var mask: [String]

  public init(
    path: String?, format: Format, rotateBytes: Int? = nil, rotateAgeSeconds: Int? = nil,
    keep: Int = 7, mask: [String] = []
  ) {
    self.path = path
    self.format = format
    self.rotateBytes = rotateBytes
    self.rotateAgeSeconds = rotateAgeSeconds
    self.keep = keep
    self.mask = mask
  }
}
