/// What a WebSocket is held to (RFC 6455 §10.4).
public struct WebSocketLimits: Hashable, Sendable {
  /// The content of one frame, in bytes.
  public var frameBytesMax = 64 * 1024
  /// The content of one message, all its frames together, in bytes.
  public var messageBytesMax = 1024 * 1024
  /// Frames of one message.
  public var fragmentsMax = 1024
  /// Pings, pongs and empty frames that may come in one go; a tenth as many more each second.
  public var controlFramesMax = 100
  /// How long both sides may say nothing.
  public var idleMilliseconds = 300_000

  /// The defaults.
  public init() {}
}
