public import Detection
public import Formats
package import HTTP
public import PolicyKit
public import Runtime
public import Storage
import Telemetry

/// The admin API: finds the endpoint of a request, sees who calls and whether he may, and has the
/// work done on threads that may wait.
public final class AdminAPI: Sendable {
  private let endpoints: [AdminEndpoint]
  private let accounts: AdminAccounts
  private let queue: WorkQueue
  private let description: [UInt8]

  /// The API over a store; `queue` does its work. `kinds` are those of other services; `detection`
  /// is what looks at the traffic, if anything does.
  /// `caches` are those of the gateway's routes.
  /// `usage` tells what a consumer has used of its plan; nil of one that there is not.
  public init(
    _ context: AdminContext, queue: WorkQueue, kinds: [RecordKind] = [],
    usage: @escaping @Sendable (String) -> JSONValue? = { _ in nil },
    detection: @escaping @Sendable () -> DetectionEngine? = { nil },
    caches: @escaping @Sendable () -> [(service: String, cache: ResponseCache)] = { [] }
  ) {
    accounts = AdminAccounts(context)
    self.queue = queue
    let gateway = GatewayResource(context: context, later: { queue.submit($0) })
    endpoints =
      AccountResource(accounts: accounts).endpoints
      + ConsumerResource(context: context).endpoints + KeyResource(context: context).endpoints
      + AccessResource.roles(context).endpoints + AccessResource.groups(context).endpoints
      + ApplyResource(context: context).endpoints + gateway.endpoints
      + UsageResource(context: context, report: usage).endpoints
      + BanResource(context: context).endpoints
      + DetectionResource(engine: detection).endpoints
      + CacheResource(context: context, caches: caches).endpoints
      + kinds.flatMap { RecordResource(context: context, kind: $0).endpoints }
    description = Array((AdminDescription(endpoints: endpoints).document.serialized + "\n").utf8)
  }

  /// A new secret for the first start, if there is no administrator yet.
  public func makeSetupSecret() throws -> String? { try accounts.makeSetupSecret() }

  /// A setup secret for a store whose owners cannot get in any more, made without the gateway.
  public static func recoverySecret(_ vault: Vault) throws -> String {
    let context = try AdminContext(vault: vault, owned: { FileOwned() }, lastUsed: { _ in nil })
    guard let secret = try AdminAccounts(context).makeSetupSecret(force: true) else {
      throw StoreError.unusable("there is no secret to be had")
    }
    return secret
  }

  /// What every endpoint is, with the permission that it needs, for tests of all of them.
  package var operations: [(method: String, path: String, permission: AdminPermission?)] {
    endpoints.map { (method: $0.method, path: $0.path, permission: $0.permission) }
  }

  /// Whether a path is one of this API's.
  static func owns(_ path: String) -> Bool {
    path == "/openapi.json" || path == "/v1" || path.hasPrefix("/v1/")
  }

  /// Answers at once, or by `reply` once the work is done.
  func begin(
    _ request: ServiceRequest, reply: @escaping @Sendable (ServiceResponse) -> Void
  ) -> ServiceResponse? {
    if request.path == "/openapi.json", request.method == "GET" || request.method == "HEAD" {
      return ServiceResponse(
        status: 200,
        fields: [(name: "content-type", value: "application/json")] + AdminAnswer.safety,
        body: description)
    }
    let isTaken = queue.submit { [self] in reply(answer(request)) }
    return isTaken ? nil : AdminFailure.overloaded.response
  }

  /// Sees whether a request for something else comes from somebody who may have it; `reply` gets
  /// the refusal, or nil.
  func authorize(
    _ request: ServiceRequest, _ permission: AdminPermission,
    _ reply: @escaping @Sendable (ServiceResponse?) -> Void
  ) -> ServiceResponse? {
    let isTaken = queue.submit { [self] in
      let call = AdminCall(request: request, parameters: [:], query: [:], caller: nil)
      do {
        let caller = try accounts.caller(call)
        let isAllowed = caller.permissions.contains(permission)
        reply(isAllowed ? nil : AdminFailure.denied(permission).response)
      } catch let failure as AdminFailure {
        reply(failure.response)
      } catch {
        reply(AdminFailure(.unavailable("")).response)
      }
    }
    return isTaken ? nil : AdminFailure.overloaded.response
  }

  /// Answers a request; waits for the store.
  package func answer(_ request: ServiceRequest) -> ServiceResponse {
    do {
      return try run(request).response
    } catch let failure as AdminFailure {
      return failure.response
    } catch let error as StoreError {
      if case .conflict = error {} else { ErrorLog.error("admin API: \(error)") }
      return AdminFailure(error).response
    } catch {
      ErrorLog.error("admin API: \(error)")
      return AdminFailure(.unusable("")).response
    }
  }

  /// Refuses who has to have a second factor, or show it again, for what is asked for.
  private func requireSecondFactor(
    _ caller: AdminCaller, _ endpoint: AdminEndpoint
  ) throws(AdminFailure) {
    // What is one's own stays open: there one gets a second factor.
    if accounts.context.rules().requiresSecondFactor, !caller.hasSecondFactor,
      endpoint.permission != .own
    {
      throw .secondFactorMissing
    }
    if endpoint.needsStepUp, !caller.hasSteppedUp(now: accounts.context.now) {
      throw .stepUpRequired
    }
  }

  private func run(_ request: ServiceRequest) throws -> AdminAnswer {
    guard let segments = AdminCall.segments(request.path) else { throw AdminFailure.notFound }
    guard let query = AdminCall.parameters(request.query) else {
      throw AdminFailure.malformed("the query cannot be read, or has a parameter twice")
    }
    let matching = endpoints.compactMap { endpoint in
      endpoint.match(segments).map { (endpoint: endpoint, parameters: $0) }
    }
    let method = request.method == "HEAD" ? "GET" : request.method
    let found = matching.first { $0.endpoint.method == method }
    let isOpen = found.map { $0.endpoint.permission == nil } ?? false
    // Who is nobody does not learn what there is.
    let anonymous = AdminCall(request: request, parameters: [:], query: query, caller: nil)
    let caller = isOpen ? nil : try accounts.caller(anonymous)
    guard let found else {
      if matching.isEmpty { throw AdminFailure.notFound }
      var failure = AdminFailure(
        405, "method-not-allowed", "This method is not allowed at this address.")
      failure.fields = [
        (name: "allow", value: matching.map(\.endpoint.method).joined(separator: ", "))
      ]
      throw failure
    }
    if let permission = found.endpoint.permission,
      caller?.permissions.contains(permission) != true
    {
      throw AdminFailure.denied(permission)
    }
    if let caller { try requireSecondFactor(caller, found.endpoint) }
    return try found.endpoint.action(
      AdminCall(request: request, parameters: found.parameters, query: query, caller: caller))
  }
}
