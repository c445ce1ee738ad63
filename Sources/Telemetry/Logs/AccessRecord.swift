public import Base
public import HTTP

/// The figures of one exchange, for its line in the access log.
public struct AccessRecord: Sendable {
  /// When the head was complete, in milliseconds since 1970.
  public var wallMilliseconds: UInt64 = 0
  public var client = IPAddress.unspecified
  /// The status that the client got; 0 if it got none.
  public var status = 0
  public var durationMicroseconds: UInt64 = 0
  /// From the request's forwarding to the response's head.
  public var upstreamMicroseconds: UInt64 = 0
  /// Bytes of content.
  public var bytesIn: UInt64 = 0
  public var bytesOut: UInt64 = 0
  public var problem: Problem?
  /// What exactly was wrong; for operators alone.
  public var reason: StaticString = ""
  public var tlsVersion: StaticString = ""
  public var tlsCipher: StaticString = ""
  public var version = ProtocolVersion.http11
  public var fault = Fault.none

  public init() {}
}
