/// A service inside the gateway that answers requests itself, such as the demo or the admin API.
///
/// It is served through the same listeners, router and policies as any upstream.
public protocol Responder: Sendable {
  /// Answers one request; called on an event loop, so it must not block.
  func respond(to request: ServiceRequest) -> ServiceResponse
}
