public import Base

/// The texts that go with a record into an event; borrowed, for the time that takes.
///
/// Those of the request are taken from its head.
public struct EventTexts: ~Escapable {
  /// The request's name, in its arena.
  public var requestID = Slice.empty
  public var route, service, template, consumer, upstream: Span<UInt8>
  public var policy: Span<UInt8>
  public var reason: StaticString = ""
  /// What stands in the place of the reason, if it is not empty.
  public var title: Span<UInt8>
  public var detail: Span<UInt8>
  public var tlsVersion: StaticString = ""
  public var cipher: StaticString = ""
  public var responseType: Span<UInt8>
  /// How the client's TLS looks.
  public var fingerprint: Span<UInt8>

  /// No texts.
  @_lifetime(immortal)
  public init() {
    let nothing = Span<UInt8>()
    (route, service, template, consumer) = (nothing, nothing, nothing, nothing)
    (upstream, policy, detail, responseType) = (nothing, nothing, nothing, nothing)
    (title, fingerprint) = (nothing, nothing)
  }

  /// Texts that are empty but for these.
  @_lifetime(
    copy route, copy service, copy template, copy consumer, copy upstream, copy policy,
    copy detail, copy responseType)
  public init(
    route: Span<UInt8>, service: Span<UInt8>, template: Span<UInt8>, consumer: Span<UInt8>,
    upstream: Span<UInt8>, policy: Span<UInt8>, detail: Span<UInt8>, responseType: Span<UInt8>
  ) {
    self.route = route
    self.service = service
    self.template = template
    self.consumer = consumer
    self.upstream = upstream
    self.policy = policy
    self.detail = detail
    self.responseType = responseType
    (title, fingerprint) = (Span(), Span())
  }
}
