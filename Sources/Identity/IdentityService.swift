import Blueprint
import Formats
public import HTTP
public import Runtime
public import Storage
import Telemetry

/// The identity provider, as the gateway serves it: finds the flow of a request, and has it run on
/// threads that may wait.
public final class IdentityService: Responder {
  private let context: IdentityContext
  private let desk: PasswordDesk
  private let queue: WorkQueue
  private let passwords: WorkQueue
  private let writer: GroupedWriter

  /// A service over an open context. `queue` runs flows, `passwords` those that compute hashes, so
  /// that they hold up no others; `writer` makes durable what flows want written.
  public init(
    _ context: IdentityContext, queue: WorkQueue, passwords: WorkQueue, writer: GroupedWriter
  ) throws {
    self.context = context
    self.queue = queue
    self.passwords = passwords
    self.writer = writer
    desk = try PasswordDesk(context)
  }

  /// What is only looked up is answered by `begin`; nothing else may be on a loop.
  public func respond(to request: ServiceRequest) -> ServiceResponse {
    begin(request) { _ in } ?? Replies.empty(503)
  }

  /// Answers at once what is only looked up, and later what has to wait for the store.
  public func begin(
    _ request: ServiceRequest, reply: @escaping @Sendable (ServiceResponse) -> Void
  ) -> ServiceResponse? {
    let settings = context.settings
    guard let endpoint = IdentityService.endpoint(request.path, settings) else {
      return Replies.empty(404)
    }
    switch endpoint {
    case .discovery, .metadata: return published(request) { Metadata.document(settings).serialized }
    case .keys:
      return published(request) { String(decoding: context.keys.document, as: UTF8.self) }
    default: break
    }
    let call = IdentityCall(
      request: request, endpoint: endpoint, settings: settings, now: context.now)
    let isHashing =
      request.method == "POST" && [.signIn, .secondFactor, .account].contains(endpoint)
    let isTaken = (isHashing ? passwords : queue).submit { [self] in
      finish(run(call), call, reply)
    }
    if isTaken { return nil }
    let busy = OAuthError.unavailable("too many requests wait")
    return endpoint.isForPeople
      ? ErrorPage.make(
        "Too many people sign in at the moment. Try again in a minute.", status: 503,
        reason: "too many sign-ins wait", call)
      : busy.response
  }

  private static func endpoint(
    _ path: String, _ settings: IdentitySettings
  ) -> IdentityEndpoint? {
    IdentityEndpoint.allCases.first { $0.path(below: settings.issuer.path) == path }
  }

  /// A document that everybody may read, and keep for a while.
  private func published(
    _ request: ServiceRequest, _ text: () -> String
  ) -> ServiceResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      return Replies.methodNotAllowed("GET")
    }
    return ServiceResponse(
      status: 200,
      fields: [
        (name: "content-type", value: "application/json"),
        (name: "cache-control", value: "public, max-age=300"),
        (name: "x-content-type-options", value: "nosniff"),
        (name: "access-control-allow-origin", value: "*"),
      ], body: Array(text().utf8))
  }

  private func run(_ call: IdentityCall) -> IdentityOutcome {
    do {
      return try flow(call)
    } catch let error as OAuthError {
      return .answer(refuse(error, call))
    } catch let error as StoreError {
      ErrorLog.error("identity: \(error)")
      return .answer(refuse(.unavailable("\(error)"), call))
    } catch {
      ErrorLog.error("identity: \(error)")
      return .answer(refuse(.serverError("\(error)"), call))
    }
  }

  private func refuse(_ error: OAuthError, _ call: IdentityCall) -> ServiceResponse {
    if call.endpoint.isForPeople {
      return ErrorPage.make(
        error.status < 500
          ? "The link that led here is damaged." : "Nobody can sign in at the moment.",
        status: error.status, reason: error.reason ?? error.message, call)
    }
    ErrorLog.info(
      "identity: \(error.code) for \(call.request.client) at \(call.endpoint.rawValue): "
        + (error.reason ?? error.message))
    return error.response
  }

  private func flow(_ call: IdentityCall) throws -> IdentityOutcome {
    switch call.endpoint {
    case .authorize: try AuthorizationEndpoint(context: context, call: call).outcome()
    case .pushedRequest: try PushedRequest(context: context, call: call).outcome()
    case .token: try TokenEndpoint(context: context, call: call).outcome()
    case .revoke: try RevocationEndpoint(context: context, call: call).outcome()
    case .introspect: try IntrospectionEndpoint(context: context, call: call).outcome()
    case .userInfo: try UserInfoEndpoint(context: context, call: call).outcome()
    case .endSession: try EndSessionEndpoint(context: context, call: call).outcome()
    case .signIn: try SignInEndpoint(context: context, call: call, desk: desk).outcome()
    case .consent: try ConsentEndpoint(context: context, call: call).outcome()
    case .deviceAuthorization:
      try DeviceAuthorizationEndpoint(context: context, call: call).outcome()
    case .device: try DeviceEndpoint(context: context, call: call).outcome()
    case .secondFactor: try SecondFactorEndpoint(context: context, call: call).outcome()
    case .account: try AccountEndpoint(context: context, call: call).outcome()
    default: .answer(Replies.empty(404))
    }
  }

  /// Has written what a flow wants written, and replies with what it comes to.
  private func finish(
    _ outcome: IdentityOutcome, _ call: IdentityCall,
    _ reply: @escaping @Sendable (ServiceResponse) -> Void
  ) {
    switch outcome {
    case .answer(let response): reply(response)
    case .write(let changes, let journal, let then):
      writer.write(changes, journal: journal) { [self] error in
        if let error, case .conflict = error {
        } else if let error {
          ErrorLog.error("identity: \(error)")
        }
        finish(then(error), call, reply)
      }
    }
  }
}
