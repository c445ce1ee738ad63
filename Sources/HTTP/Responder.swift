/// A service inside the gateway that answers requests itself, such as the demo or the admin API.
///
/// It is served through the same listeners, router and policies as any upstream.
public protocol Responder: Sendable {
  /// Answers one request; called on an event loop, so it must not block.
  func respond(to request: ServiceRequest) -> ServiceResponse

  /// Answers at once, or returns nil and calls `reply` later, once, from any thread.
  ///
  /// Nobody may be there any more to get that answer; then it is dropped.
  func begin(
    _ request: ServiceRequest, reply: @escaping @Sendable (ServiceResponse) -> Void
  ) -> ServiceResponse?
}

extension Responder {
  /// Answers at once.
  public func begin(
    _ request: ServiceRequest, reply: @escaping @Sendable (ServiceResponse) -> Void
  ) -> ServiceResponse? { respond(to: request) }
}
