import Formats

/// How a service lives with upstreams that fail, or are too slow.
extension BlueprintReader {
  func resilience(_ service: inout ServiceBlueprint, _ settings: inout Settings) {
    if let text = settings.text("hash-by") {
      if let key = hashKey(text.string) {
        service.hashKey = key
      } else {
        settings.refuse(text, "hash-by", expected: "ip, consumer, path, or header:NAME")
      }
      if service.balance != .hash {
        settings.error("'hash-by' without 'balance: hash'", at: "hash-by")
      }
    }
    if let value = settings.duration("slow-start", in: 0...3_600_000) {
      service.slowStartMilliseconds = value
    }
    if let value = concurrency(&settings) { service.concurrency = value }
    service.health = health(&settings)
    if service.health?.kind == .grpc, service.upstreamProtocol != .http2 {
      settings.error("health checks by gRPC without 'protocol: http2'", at: "health")
    }
    service.proxyProtocol = settings.choice(
      "proxy-protocol", of: ServiceBlueprint.ProxyProtocol.self)
    if service.proxyProtocol != nil, service.upstreamProtocol == .http2 {
      settings.error(
        "'protocol: http2' shares connections, and 'proxy-protocol' says whose one is",
        expected: "one of them", at: "proxy-protocol")
    }
    if service.proxyProtocol != nil, service.health != nil {
      settings.error(
        "'health' asks without a PROXY header, and 'proxy-protocol' sends one",
        expected: "one of them", at: "proxy-protocol")
    }
  }

  private func hashKey(_ text: String) -> ServiceBlueprint.HashKey? {
    switch text {
    case "ip": return .address
    case "consumer": return .consumer
    case "path": return .path
    default:
      guard text.hasPrefix("header:") else { return nil }
      let name = text.dropFirst(7).lowercased()
      guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }) else {
        return nil
      }
      return .header(name)
    }
  }

  private func concurrency(_ settings: inout Settings) -> ConcurrencyBlueprint? {
    if let node = settings.node("concurrency"), node.kind == .scalar,
      settings.text(of: node, "concurrency")?.string == "adaptive"
    {
      return .adaptive
    }
    return settings.integer("concurrency", in: 1...1_000_000).map { .limit($0) }
  }

  private func health(_ parent: inout Settings) -> HealthBlueprint? {
    guard var settings = parent.settings("health") else { return nil }
    let kind = settings.choice("kind", of: HealthBlueprint.Kind.self) ?? .http
    let path = kind == .http ? settings.requiredText("path") : nil
    var health = HealthBlueprint(path: path?.string ?? "/")
    health.kind = kind
    if kind == .grpc, let service = settings.text("service") {
      if service.string.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), service.string.utf8.count < 128
      {
        health.service = service.string
      } else {
        settings.refuse(service, "service", expected: "a name such as shop.Orders")
      }
    }
    if let path, !isTarget(path.string) {
      settings.refuse(path, "path", expected: "a path such as /healthz")
    }
    if kind != .tcp, let host = settings.text("host") {
      if HostName.isValid(host.string[...]) {
        health.host = host.string
      } else {
        settings.refuse(host, "host", expected: "a host name")
      }
    }
    if let value = settings.duration("interval", in: 1_000...3_600_000) {
      health.intervalMilliseconds = value
    }
    if let value = settings.duration("timeout", in: 10...60_000) {
      health.timeoutMilliseconds = value
    }
    if let value = settings.integer("healthy", in: 1...100) { health.healthyCount = value }
    if let value = settings.integer("unhealthy", in: 1...100) { health.unhealthyCount = value }
    settings.finish()
    return health
  }

  private func isTarget(_ path: String) -> Bool {
    path.hasPrefix("/") && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }
  }
}
