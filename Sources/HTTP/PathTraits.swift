/// What a path holds that a second parser could read in another way than the gateway's router.
public struct PathTraits: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A percent-encoded separator or reserved byte, `%2F`, `%5C`, `%3B`, `%25`, `%3F`, `%23`; a
  /// character that folds to one of them, such as the full-width slash; or a control character.
  public static var encodedDelimiter: PathTraits { PathTraits(rawValue: 1) }
  /// An empty segment: `//`.
  public static var emptySegment: PathTraits { PathTraits(rawValue: 2) }
  /// A path parameter: `;` in a segment.
  public static var parameter: PathTraits { PathTraits(rawValue: 4) }
}
