/// How much of a multipart text is taken.
public struct MultipartLimits: Hashable, Sendable {
  /// Most parts: a form of a web page has a handful.
  public var partsMax = 1024
  /// Most header fields of one part; three are known.
  public var fieldsMax = 8
  /// Longest header line, in bytes.
  public var lineBytesMax = 2048
  /// Longest name of a field or file, in bytes: what file systems take.
  public var nameBytesMax = 255

  /// The defaults.
  public init() {}
}
