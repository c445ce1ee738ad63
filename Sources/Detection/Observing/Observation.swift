public import Base

/// What detectors look at in an event, in numbers: names have become keys.
public struct Observation: Sendable {
  /// The time of the stream, in milliseconds since 1970.
  public var now: UInt64 = 0
  public var client = IPAddress.unspecified
  /// The client's address, and the network that it is in: /24 of IPv4, /48 of IPv6.
  public var address: UInt64 = 0
  public var network: UInt64 = 0
  /// Who asks: the consumer, or else the credential, or else the address.
  public var caller: UInt64 = 0
  /// The consumer; 0 if nobody was identified.
  public var consumer: UInt64 = 0
  public var service: UInt64 = 0
  /// The program that the client says it is, and how its TLS looks; 0 if it does not say.
  public var agent: UInt64 = 0
  public var fingerprint: UInt64 = 0
  public var shape = PathShape()
  /// Endpoint and method.
  public var operation: UInt64 = 0
  /// The path as it is.
  public var path: UInt64 = 0
  public var credential: UInt64 = 0
  public var subject: UInt64 = 0
  public var status = 0
  public var outcome = Outcome.other
  public var bytesOut: UInt64 = 0
  public var durationMicroseconds: UInt64 = 0
  public var upstreamMicroseconds: UInt64 = 0
  /// Whether the service gave the answer, and not the gateway.
  public var isFromUpstream = false

  public init() {}
}
