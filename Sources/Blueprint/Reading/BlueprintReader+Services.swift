import Base
import Formats
import HTTP

extension BlueprintReader {
  func services(_ root: inout Settings) -> [ServiceBlueprint] {
    var places: [String: Position] = [:]
    return (root.settingsList("services") ?? []).compactMap { part in
      let service = service(part)
      if let service, !service.name.isEmpty,
        let before = places.updateValue(service.position, forKey: service.name)
      {
        root.error(
          "the service '\(service.name)' is there twice, first in line \(before.line)",
          at: service.position)
      }
      return service
    }
  }

  private func service(_ part: Settings) -> ServiceBlueprint? {
    var settings = part
    let name = name(&settings)
    let upstreams = upstreams(&settings)
    let timeouts = timeouts(&settings, inheriting: TimeoutsBlueprint())
    var policies = policies(&settings)
    let description = settings.path("openapi")
    if let description, !policies.contains(where: { $0.name == "openapi" }) {
      policies.append(
        PolicyBlueprint(
          name: "openapi", node: .null(at: description.position), position: description.position))
    }
    let isPublic = isPublic(&settings, policies) ?? false
    var service = ServiceBlueprint(
      name: name ?? "", upstreams: upstreams,
      upstreamTLS: upstreamTLS(&settings, upstreams),
      balance: settings.choice("balance", of: ServiceBlueprint.Balance.self) ?? .roundRobin,
      timeouts: timeouts ?? TimeoutsBlueprint(),
      retries: retries(&settings),
      keepAlive: keepAlive(&settings), webSocket: webSocket(&settings),
      hostHeader: settings.choice("host-header", of: ServiceBlueprint.HostHeader.self) ?? .upstream,
      description: description, routes: [], policies: policies, isPublic: isPublic,
      position: settings.position)
    if let value = settings.choice("protocol", of: ServiceBlueprint.UpstreamProtocol.self) {
      service.upstreamProtocol = value
    }
    service.takesGRPCWeb = settings.boolean("grpc-web") ?? false
    if service.takesGRPCWeb, service.upstreamProtocol != .http2 {
      settings.error("'grpc-web' without 'protocol: http2'", at: "grpc-web")
    }
    if service.upstreamProtocol == .http2, service.webSocket != nil {
      settings.error("'websocket' with 'protocol: http2'", at: "websocket")
    }
    resilience(&service, &settings)
    service.routes = routes(&settings, of: service)
    settings.finish()
    return service
  }

  private func name(_ settings: inout Settings) -> String? {
    guard let text = settings.requiredText("name") else { return nil }
    guard BlueprintReader.isName(text.string) else {
      settings.refuse(
        text, "name", expected: "1 to 64 letters, digits, '.', '_' and '-'")
      return nil
    }
    return text.string
  }

  // MARK: How upstreams are used

  private func upstreamTLS(
    _ parent: inout Settings, _ upstreams: [UpstreamBlueprint]
  ) -> UpstreamTLSBlueprint {
    var tls = UpstreamTLSBlueprint()
    guard var settings = parent.settings("upstream-tls") else { return tls }
    tls.position = settings.position
    tls.authorityPath = settings.path("authority")
    tls.certificate = certificate(&settings)
    if let name = settings.text("server-name") {
      if HostName.isValid(name.string[...]) || IPAddress(name.string) != nil {
        tls.serverName = name.string.lowercased()
      } else {
        settings.refuse(name, "server-name", expected: "a host name")
      }
    }
    tls.insecure = settings.boolean("insecure") ?? false
    settings.finish()
    if tls.insecure {
      settings.diagnostics.warning(
        "the upstreams' certificates are not verified: anybody on the way can read and change "
          + "what is sent", at: settings.position(of: "insecure"))
    }
    if !upstreams.isEmpty, upstreams.allSatisfy({ $0.scheme == .http }) {
      parent.error(
        "'upstream-tls' for upstreams without TLS", expected: "https:// upstreams",
        at: settings.position)
    }
    return tls
  }

  /// The timeouts of a service or route; nil if it has none.
  func timeouts(
    _ parent: inout Settings, inheriting inherited: TimeoutsBlueprint
  ) -> TimeoutsBlueprint? {
    guard var settings = parent.settings("timeouts") else { return nil }
    var timeouts = inherited
    let range = 1...86_400_000
    if let value = settings.duration("connect", in: range) { timeouts.connectMilliseconds = value }
    if let value = settings.duration("first-byte", in: range) {
      timeouts.firstByteMilliseconds = value
    }
    if let value = settings.duration("idle", in: range) { timeouts.idleMilliseconds = value }
    if let value = settings.duration("whole", in: 0...86_400_000) {
      timeouts.wholeMilliseconds = value
    }
    settings.finish()
    return timeouts
  }

  private func retries(_ parent: inout Settings) -> RetriesBlueprint {
    var retries = RetriesBlueprint()
    guard var settings = parent.settings("retries") else { return retries }
    if let value = settings.integer("count", in: 0...5) { retries.count = value }
    if let value = settings.percent("budget") { retries.budget = value }
    settings.finish()
    return retries
  }

  private func webSocket(_ parent: inout Settings) -> WebSocketLimits? {
    guard var settings = parent.settings("websocket") else { return nil }
    var limits = WebSocketLimits()
    if let value = settings.size("frame", in: 125...64 * 1024 * 1024) {
      limits.frameBytesMax = value
      limits.messageBytesMax = max(limits.messageBytesMax, value)
    }
    if let value = settings.size("message", in: 125...256 * 1024 * 1024) {
      limits.messageBytesMax = value
    }
    if let value = settings.integer("fragments", in: 1...1_000_000) { limits.fragmentsMax = value }
    if let value = settings.integer("control-frames", in: 1...1_000_000) {
      limits.controlFramesMax = value
    }
    if let value = settings.duration("idle", in: 1_000...86_400_000) {
      limits.idleMilliseconds = value
    }
    settings.finish()
    return limits
  }

  private func keepAlive(_ parent: inout Settings) -> KeepAliveBlueprint {
    var keepAlive = KeepAliveBlueprint()
    guard var settings = parent.settings("keep-alive") else { return keepAlive }
    if let value = settings.integer("idle-max", in: 0...65_536) { keepAlive.idleMax = value }
    if let value = settings.duration("idle-timeout", in: 100...86_400_000) {
      keepAlive.idleTimeoutMilliseconds = value
    }
    if let value = settings.integer("streams-max", in: 1...1_000) { keepAlive.streamsMax = value }
    if let value = settings.duration("ping", in: 0...3_600_000) {
      keepAlive.pingMilliseconds = value
    }
    settings.finish()
    return keepAlive
  }
}
