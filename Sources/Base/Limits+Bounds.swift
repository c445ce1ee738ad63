extension Limits {
  /// What a limit counts, which decides how its value is written.
  public enum Unit: Sendable { case count, bytes, bytesPerSecond, milliseconds }

  /// One limit as configuration sees it: its key, its unit and what it may be set to.
  public struct Bound: Sendable {
    /// The key below `limits:`.
    public let key: String
    /// What the value counts.
    public let unit: Unit
    /// What it may be set to, ends included.
    public let range: ClosedRange<Int>
    /// The limit itself.
    public let path: any WritableKeyPath<Limits, Int> & Sendable

    init(
      _ key: String, _ unit: Unit, _ range: ClosedRange<Int>,
      _ path: any WritableKeyPath<Limits, Int> & Sendable
    ) {
      self.key = key
      self.unit = unit
      self.range = range
      self.path = path
    }
  }

  private static let kibibyte = 1024
  private static let mebibyte = 1024 * 1024
  private static let hour = 3_600_000

  /// Every limit that configuration may set.
  ///
  /// The upper ends are where a limit would stop being one: a head that no server takes, a timeout
  /// that outlives the client. The lower ends are where ordinary traffic would fail.
  public static let bounds: [Bound] = [
    Bound("method", .bytes, 7...128, \.methodBytesMax),
    Bound("target", .bytes, 256...64 * kibibyte, \.targetBytesMax),
    Bound("fields", .count, 10...1000, \.fieldCountMax),
    Bound("field", .bytes, 256...256 * kibibyte, \.fieldBytesMax),
    Bound("head", .bytes, kibibyte...mebibyte, \.headBytesMax),
    Bound("header-timeout", .milliseconds, 100...hour, \.headerTimeoutMilliseconds),
    Bound("body-rate", .bytesPerSecond, 0...mebibyte, \.bodyRateBytesPerSecondMin),
    Bound("body-rate-grace", .milliseconds, 100...hour, \.bodyRateGraceMilliseconds),
    Bound("body-timeout", .milliseconds, 100...hour, \.bodyTimeoutMilliseconds),
    Bound("body-buffer", .bytes, 0...64 * mebibyte, \.bodyBufferBytesMax),
    Bound("stream-buffer", .bytes, 4 * kibibyte...mebibyte, \.streamBufferBytesMax),
    Bound("chunk-extension", .bytes, 0...4 * kibibyte, \.chunkExtensionBytesMax),
    Bound("trailers", .count, 0...100, \.trailerCountMax),
    Bound("trailer", .bytes, 0...64 * kibibyte, \.trailerBytesMax),
    Bound("connections", .count, 1...4_000_000, \.connectionsMax),
    Bound("connections-per-address", .count, 1...4_000_000, \.connectionsPerAddressMax),
    Bound("handshakes-per-address", .count, 0...1_000_000, \.handshakesPerAddressMax),
    Bound(
      "admin-requests-per-address", .count, 0...1_000_000, \.adminRequestsPerAddressMax),
    Bound("handshake-timeout", .milliseconds, 100...hour, \.handshakeTimeoutMilliseconds),
    Bound("idle-timeout", .milliseconds, 100...24 * hour, \.idleTimeoutMilliseconds),
    Bound("send-timeout", .milliseconds, 100...hour, \.sendTimeoutMilliseconds),
    Bound("requests-per-connection", .count, 1...1_000_000_000, \.requestsPerConnectionMax),
    Bound("streams-per-connection", .count, 1...1000, \.streamsPerConnectionMax),
    Bound("stream-resets", .count, 10...100_000, \.streamResetsMax),
    Bound("drain-timeout", .milliseconds, 0...24 * hour, \.drainTimeoutMilliseconds),
    Bound("hand-over-idle", .milliseconds, 0...hour, \.handOverIdleMilliseconds),
    Bound("descriptors-reserved", .count, 16...4096, \.descriptorsReserved),
    Bound("response-head", .bytes, kibibyte...mebibyte, \.responseHeadBytesMax),
    Bound("response-fields", .count, 10...2000, \.responseFieldCountMax),
    Bound("encoders", .count, 0...65_536, \.encodersMax),
    Bound("interim-responses", .count, 0...100, \.interimResponseCountMax),
  ]
}
