public import Base
public import HTTP

/// The figures of one event; its texts go with it separately.
public struct EventRecord: Sendable {
  /// What it tells of.
  public var kind = EventKind.exchange
  /// How severe a finding is, from 1, for information, to 5, critical (OCSF's `severity_id`).
  public var severity: UInt8 = 1
  /// When the head was complete, in milliseconds since 1970.
  public var wallMilliseconds: UInt64 = 0
  public var client = IPAddress.unspecified
  /// The trace and the spans in it (W3C Trace Context §3.2.2); 0 where there is none.
  public var trace: (high: UInt64, low: UInt64) = (0, 0)
  public var span: UInt64 = 0
  public var parentSpan: UInt64 = 0
  public var durationMicroseconds: UInt64 = 0
  /// From the request's forwarding to the response's head.
  public var upstreamMicroseconds: UInt64 = 0
  /// Bytes of content.
  public var bytesIn: UInt64 = 0
  public var bytesOut: UInt64 = 0
  /// What tells one credential from another, right or wrong, without telling it; 0 for none.
  public var credential: UInt64 = 0
  /// What tells one name that a caller claimed from another; 0 for none. It means the same within
  /// one run of one process.
  public var subject: UInt64 = 0
  /// The status that the client got; 0 if it got none.
  public var status = 0
  public var flags: EventFlags = []
  public var problem: Problem?
  public var fault = Fault.none
  public var version = ProtocolVersion.http11
  public var method = Method.other
  /// The kinds of credentials that were shown and found right, as `CredentialKinds` has them.
  public var shown: UInt8 = 0
  /// How many times an upstream was asked.
  public var attempts: UInt8 = 0

  public init() {}
}
