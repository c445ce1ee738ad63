import Base
import Blueprint
import Control
import Crypto
import Gateway
import HTTP
import PolicyKit
import Runtime
import TLS
import Telemetry

/// Makes the plan that the loops run from a configuration that was read and checked.
struct PlanBuilder {
  let configuration: Configuration
  let tickets: TicketKeeper
  /// What the admin listener serves.
  let admin: any Responder
  /// The identity provider; nil if there is none.
  let identity: (any Responder)?
  /// The numbers by which routes, services and upstreams are counted.
  let names: CountedNames
  /// What is told of the store of shared counts.
  let counters: CounterStatus

  /// The plan, or what in words of the operator's stands against it.
  func build() throws(TLSSettingsError) -> Plan {
    let blueprint = configuration.blueprint
    var services: [PlanService] = []
    var routes: [PlanRoute] = []
    var entries: [RouterEntry] = []
    for (index, service) in blueprint.services.enumerated() {
      let planned = try self.service(service, index)
      services.append(planned)
      for (place, route) in service.routes.enumerated() {
        entries.append(RouterEntry(route: routes.count, blueprint: route))
        let name = route.name ?? "\(service.name)/\(place)"
        routes.append(
          PlanRoute(
            index: routes.count, name: name, service: planned,
            policies: configuration.policies.perRoute[routes.count],
            timeouts: route.timeouts ?? service.timeouts,
            stripCount: PlanBuilder.stripCount(route),
            metricNumber: names.routes.number(service.name, name),
            concurrencyMax: route.concurrencyMax,
            template: route.paths.count == 1 ? route.paths.first?.text ?? "" : "",
            policyNumber: { names.policies.number($0) }))
      }
    }
    let inside = PlanService(
      index: services.count, name: "admin", targets: [], responder: admin)
    services.append(inside)
    let adminRoute = PlanRoute(
      index: routes.count, name: "admin", service: inside, policies: [],
      timeouts: TimeoutsBlueprint(), stripCount: 0)
    routes.append(adminRoute)
    return Plan(
      router: Router(entries), routes: routes, services: services,
      listeners: try listeners(adminRoute), limits: blueprint.limits,
      directory: configuration.policies.directory,
      trace: PlanTrace(
        blueprint.logging.trace, seeds: PlanBuilder.seeds(),
        hasSpans: blueprint.events.hasSpans),
      counters: try sharedCounters())
  }

  /// Without random bytes traces have names that a restart repeats: they guard nothing.
  private static func seeds() -> (UInt64, UInt64) {
    ((try? SecureRandom.word()) ?? 0, (try? SecureRandom.word()) ?? 0)
  }

  private static func stripCount(_ route: RouteBlueprint) -> Int {
    guard route.stripPrefix, let path = route.paths.first, path.text != "/" else { return 0 }
    return path.text.utf8.count
  }

  private func service(
    _ service: ServiceBlueprint, _ index: Int
  ) throws(TLSSettingsError) -> PlanService {
    // What is drained is not there for what is new; exchanges under way have the plan before.
    let targets = service.upstreams.filter { !$0.isDrained }.enumerated().map { place, upstream in
      let isSecure = upstream.scheme == .https
      let authority = UpstreamTarget.authority(
        upstream.host, address: upstream.address, port: upstream.port, isSecure: isSecure)
      return UpstreamTarget(
        index: place, host: upstream.host, address: upstream.address, port: upstream.port,
        isSecure: isSecure, weight: upstream.weight, serverName: service.upstreamTLS.serverName,
        metricNumber: names.upstreams.number(service.name, authority))
    }
    return PlanService(
      index: index, name: service.name, targets: targets,
      tls: targets.contains { $0.isSecure } ? try client(service, index) : nil,
      responder: service.isIdentity ? identity : nil,
      preservesHost: service.hostHeader == .preserve, balance: service.balance,
      retries: service.retries, keepAlive: service.keepAlive, webSocket: service.webSocket,
      metricNumber: names.services.number(service.name), resilience: Resilience(service),
      speaksHTTP2: service.upstreamProtocol == .http2, takesGRPCWeb: service.takesGRPCWeb)
  }

  private func client(
    _ service: ServiceBlueprint, _ index: Int
  ) throws(TLSSettingsError) -> TLSClientContext {
    let loaded = configuration.credentials.upstreams[index]
    var settings: TLSClientSettings
    if service.upstreamTLS.insecure {
      settings = TLSClientSettings(verification: .insecure)
    } else if let authorities = loaded.authorities {
      settings = TLSClientSettings(
        verification: .full(try TrustStore(authorities: authorities)))
    } else {
      settings = TLSClientSettings(verification: .full(try TrustStore()))
    }
    settings.certifiedKey = loaded.certificate
    if service.upstreamProtocol == .http2 { settings.applicationProtocols = ["h2"] }
    return try TLSClientContext(settings)
  }

  private func listeners(_ admin: PlanRoute) throws(TLSSettingsError) -> [PlanListener] {
    var planned: [PlanListener] = []
    for (index, listener) in configuration.blueprint.listeners.enumerated() {
      var context: TLSServerContext?
      if let tls = listener.tls, let loaded = configuration.credentials.listeners[index] {
        context = try server(tls, loaded, takesHTTP2: listener.http2 == .alpn)
      }
      planned.append(
        PlanListener(
          bind: listener.bind, tls: context, trustedHops: listener.trustedHops, admin: nil,
          takesHTTP2: listener.http2 == .priorKnowledge, takesProxyHeader: listener.proxyProtocol,
          redirect: listener.redirect.map { PlanRedirect(host: $0.host, port: $0.port) }))
    }
    let own = configuration.blueprint.admin
    var context: TLSServerContext?
    if let tls = own.tls, let loaded = configuration.credentials.admin {
      context = try server(tls, loaded, takesHTTP2: false)
    }
    planned.append(
      PlanListener(bind: own.bind, tls: context, trustedHops: [], admin: admin))
    return planned
  }

  private func server(
    _ tls: TLSBlueprint, _ loaded: LoadedCredentials.Listener, takesHTTP2: Bool
  ) throws(TLSSettingsError) -> TLSServerContext {
    var settings = TLSServerSettings(certificates: loaded.certificates)
    if takesHTTP2 { settings.applicationProtocols = ["h2", "http/1.1"] }
    settings.profile = tls.profile == .modern ? .modern : .intermediate
    settings.rejectsUnknownNames = tls.rejectUnknownNames
    do throws(CryptoError) {
      settings.ticketKeys = try tickets.ring(for: tls)
    } catch {
      throw .library("the keys of session tickets")
    }
    switch tls.clientCertificates {
    case .none: settings.clientAuthentication = .none
    case .optional:
      settings.clientAuthentication = .optional(try PlanBuilder.trust(loaded))
    case .required:
      settings.clientAuthentication = .required(try PlanBuilder.trust(loaded))
    }
    return try TLSServerContext(settings)
  }

  private static func trust(
    _ loaded: LoadedCredentials.Listener
  ) throws(TLSSettingsError) -> TrustStore {
    try TrustStore(
      authorities: loaded.clientAuthorities, revocations: loaded.clientRevocations)
  }
}
