import Base

/// A content coding (RFC 9110 §8.4.1) that is understood here.
public enum ContentCoding: UInt8, CaseIterable, Sendable {
  case zstd, br, gzip, deflate

  /// The coding that a token names, in whatever case; nil for any other.
  public init?(_ token: Span<UInt8>) {
    for coding in ContentCoding.allCases
    where ASCII.equalsIgnoringCase(token, coding.text) {
      self = coding
      return
    }
    // RFC 9110 §8.4.1.3: the older name is the same coding.
    guard ASCII.equalsIgnoringCase(token, "x-gzip") else { return nil }
    self = .gzip
  }

  /// Its token.
  public var text: StaticString {
    switch self {
    case .zstd: "zstd"
    case .br: "br"
    case .gzip: "gzip"
    case .deflate: "deflate"
    }
  }

  /// The levels that may be asked for: from the fastest to the smallest result that is still made
  /// while somebody waits.
  public var levels: ClosedRange<Int> {
    switch self {
    case .zstd, .gzip, .deflate: 1...9
    case .br: 0...9
    }
  }
}
