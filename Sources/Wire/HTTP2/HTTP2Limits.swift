public import Base

/// What one HTTP/2 connection is held to.
public struct HTTP2Limits: Sendable {
  /// Streams at once; more are refused, and may be tried again.
  public var streamsMax = 100
  /// Content of one stream that may be under way, in bytes.
  public var streamWindow = 65_535
  /// The same once some of it was taken.
  var streamWindowMax = 65_535
  /// Content of all streams that may be under way, in bytes.
  public var connectionWindow = 512 * 1024
  /// Streams that may end before their answers, by either side's doing, in one go; each second a
  /// tenth more.
  public var resetsMax = 200
  /// Frames in one go that cost work and bring none forward; each second a twentieth more.
  public var idleFramesMax = 2_000
  /// Whether a client may ask for a WebSocket on a stream (RFC 8441).
  public var takesConnect = false
  let head: HeadLimits
  let trailerBytesMax: Int
  let trailerCountMax: Int

  /// The limits of requests.
  public init(_ limits: Limits) {
    head = HeadLimits(request: limits)
    trailerBytesMax = limits.trailerBytesMax
    trailerCountMax = limits.trailerCountMax
    streamsMax = limits.streamsPerConnectionMax
    resetsMax = limits.streamResetsMax
  }

  /// The limits of an upstream's responses, of which `streamsMax` may be under way.
  ///
  /// Streams begin with a small window, so that clients which take nothing hold little; and the
  /// window of the connection holds as much as all streams do, so that they hold nobody up.
  public init(upstream limits: Limits, streamsMax: Int) {
    streamWindow = 16_384
    connectionWindow = max(connectionWindow, streamsMax * streamWindowMax)
    head = HeadLimits(response: limits)
    trailerBytesMax = limits.trailerBytesMax
    trailerCountMax = limits.trailerCountMax
    self.streamsMax = streamsMax
  }

  /// Frames that one header block may come in: as many as its bytes need, and some more.
  var continuationsMax: Int { 4 + head.headBytesMax / 1024 }
}
