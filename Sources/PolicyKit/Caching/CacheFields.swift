/// Names of fields that only caches look for.
public enum CacheFields {
  /// RFC 9111 §5.1.
  public static let age = Array("age".utf8)
  /// RFC 9111 §5.3.
  public static let expires = Array("expires".utf8)
  /// RFC 9110 §8.8.2.
  public static let lastModified = Array("last-modified".utf8)
  /// RFC 9110 §13.1.2.
  public static let ifNoneMatch = Array("if-none-match".utf8)
  /// RFC 9110 §13.1.3.
  public static let ifModifiedSince = Array("if-modified-since".utf8)
  /// RFC 9211.
  public static let status = Array("cache-status".utf8)
  static let pragma = Array("pragma".utf8)
  /// Those of requests that are about parts, or that are met by the upstream alone.
  static let partial = ["range", "if-range", "if-match", "if-unmodified-since"].map {
    Array($0.utf8)
  }
}
