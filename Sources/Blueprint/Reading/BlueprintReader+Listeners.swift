import Base
import Formats

extension BlueprintReader {
  /// Most listeners: each is a socket for every worker, and compared with all others.
  static let listenersMax = 1000

  func listeners(_ root: inout Settings) -> [ListenerBlueprint] {
    guard root.requiredNode("listeners") != nil,
      let parts = root.settingsList("listeners")
    else { return [] }
    if parts.isEmpty {
      root.error("'listeners' is empty", expected: "at least one listener", at: "listeners")
    }
    guard parts.count <= BlueprintReader.listenersMax else {
      root.error(
        "'listeners' has \(parts.count) of them",
        expected: "at most \(BlueprintReader.listenersMax)", at: "listeners")
      return []
    }
    return parts.compactMap { listener($0) }
  }

  private func listener(_ part: Settings) -> ListenerBlueprint? {
    var settings = part
    let address = settings.requiredText("bind").flatMap { bind($0, settings) }
    let tls = settings.settings("tls").flatMap { self.tls($0) }
    let hops = settings.addressBlocks("trusted-hops") ?? []
    if hops.contains(where: { $0.prefixLength == 0 }) {
      settings.diagnostics.warning(
        "every client is trusted to say which address it comes from",
        expected: "the addresses of your own proxies", at: settings.position(of: "trusted-hops"))
    }
    let isSecure = settings.node("tls") != nil
    let http2 = http2(&settings, isSecure: isSecure)
    let redirect = redirect(&settings, isSecure: isSecure)
    let proxyProtocol = settings.boolean("proxy-protocol") ?? false
    if proxyProtocol, hops.isEmpty {
      settings.error(
        "'proxy-protocol' without 'trusted-hops'",
        expected: "the addresses of the balancers that send the header", at: "proxy-protocol")
    }
    settings.finish()
    return address.map {
      ListenerBlueprint(
        bind: $0, tls: tls, http2: http2, trustedHops: hops,
        proxyProtocol: proxyProtocol, redirect: redirect, position: settings.position)
    }
  }

  /// The target is the configuration's, never a client's (TLS-13, NRM-17).
  private func redirect(_ settings: inout Settings, isSecure: Bool) -> RedirectBlueprint? {
    guard let text = settings.text("redirect-to") else { return nil }
    if isSecure {
      settings.error(
        "'redirect-to' with 'tls'", expected: "a listener in clear text", at: "redirect-to")
    }
    let expected = "https:// and a host, perhaps with a port, such as https://api.example.com"
    guard text.string.lowercased().hasPrefix("https://") else {
      settings.refuse(text, "redirect-to", expected: expected)
      return nil
    }
    let parts = text.string.dropFirst(8).split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let port = parts.count == 2 ? UInt16(parts[1]) : 443
    guard let host = parts.first, HostName.isValid(host), let port, port > 0 else {
      settings.refuse(text, "redirect-to", expected: expected)
      return nil
    }
    return RedirectBlueprint(host: host.lowercased(), port: port)
  }

  /// By TLS it is on unless switched off, in clear text off unless switched on.
  private func http2(_ settings: inout Settings, isSecure: Bool) -> ListenerBlueprint.HTTP2 {
    guard let chosen = settings.choice("http2", of: ListenerBlueprint.HTTP2.self) else {
      return isSecure ? .alpn : .off
    }
    if chosen == .priorKnowledge, isSecure {
      settings.error(
        "'http2: prior-knowledge' with 'tls'", expected: "'alpn' or 'off'", at: "http2")
    }
    if chosen == .alpn, !isSecure {
      settings.error(
        "'http2: alpn' without 'tls'", expected: "'prior-knowledge' or 'off'", at: "http2")
    }
    return chosen
  }

  private func bind(_ text: Text, _ settings: Settings) -> BindAddress? {
    if let address = BindAddress(text.string) { return address }
    settings.refuse(
      text, "bind",
      expected: "an address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080")
    return nil
  }

  func admin(_ root: inout Settings) -> AdminBlueprint {
    var admin = AdminBlueprint(bind: AdminBlueprint.defaultBind, position: root.position)
    guard var settings = root.settings("admin") else { return admin }
    admin.position = settings.position
    if let text = settings.text("bind"), let address = bind(text, settings) {
      admin.bind = address
    }
    admin.tls = settings.settings("tls").flatMap { self.tls($0) }
    for text in settings.texts("hosts") ?? [] {
      if BlueprintReader.isName(text.string, countMax: 253, besides: ".-") {
        admin.hosts.append(text.string.lowercased())
      } else {
        settings.refuse(text, "hosts", expected: "a host name without port")
      }
    }
    admin.requiresSecondFactor =
      settings.choice("second-factor", of: AdminBlueprint.SecondFactor.self) == .required
    settings.finish()
    return admin
  }

  // MARK: TLS

  private func tls(_ part: Settings) -> TLSBlueprint? {
    var settings = part
    let certificates = certificates(&settings)
    let profile = settings.choice("profile", of: TLSBlueprint.Profile.self) ?? .intermediate
    let clients =
      settings.choice("client-certificates", of: TLSBlueprint.ClientCertificates.self) ?? .none
    let authority = settings.path("client-authority")
    let revocations = settings.path("client-crl")
    if clients != .none, settings.node("client-authority") == nil {
      settings.error(
        "'client-authority' is missing",
        expected: "a PEM file of the authorities that client certificates come from",
        at: "client-certificates")
    }
    if clients == .none, authority != nil {
      settings.error(
        "'client-authority' without 'client-certificates'",
        expected: "'client-certificates: optional' or 'required'", at: "client-authority")
    }
    if clients == .none, revocations != nil {
      settings.error(
        "'client-crl' without 'client-certificates'",
        expected: "'client-certificates: optional' or 'required'", at: "client-crl")
    }
    let tickets = settings.boolean("session-tickets") ?? true
    let secret = ticketSecret(&settings, isUsed: tickets)
    let rejects = settings.boolean("reject-unknown-names") ?? false
    settings.finish()
    return TLSBlueprint(
      certificates: certificates, profile: profile, clientCertificates: clients,
      clientAuthorityPath: authority, clientRevocationPath: revocations,
      sessionTickets: tickets, ticketSecret: secret, rejectUnknownNames: rejects,
      position: settings.position)
  }

  /// As many bytes as a key has that they are to stand for.
  private func ticketSecret(_ settings: inout Settings, isUsed: Bool) -> Text? {
    guard let secret = settings.text("ticket-secret") else { return nil }
    if secret.string.utf8.count < 32 {
      settings.error(
        "'ticket-secret' is too short", expected: "at least 32 bytes, such as openssl rand -hex 32",
        at: "ticket-secret")
    }
    if !isUsed {
      settings.error(
        "'ticket-secret' without session tickets", expected: "'session-tickets: true'",
        at: "ticket-secret")
    }
    return secret
  }

  private func certificates(_ settings: inout Settings) -> [TLSBlueprint.Certificate] {
    let one = certificate(&settings)
    guard let parts = settings.settingsList("certificates") else {
      if settings.node("certificate") == nil, settings.node("key") == nil,
        settings.node("certificates") == nil
      {
        settings.error(
          "no certificate", expected: "'certificate' and 'key'", at: settings.position)
      }
      return one.map { [$0] } ?? []
    }
    if settings.node("certificate") != nil {
      settings.error(
        "both 'certificate' and 'certificates'", expected: "one of them", at: "certificates")
    }
    if parts.isEmpty {
      settings.error("'certificates' is empty", expected: "at least one", at: "certificates")
    }
    return parts.compactMap { part in
      var part = part
      let certificate = self.certificate(&part)
      part.finish()
      return certificate
    }
  }

  /// The pair of `certificate` and `key`; one without the other is reported.
  func certificate(_ settings: inout Settings) -> TLSBlueprint.Certificate? {
    let certificate = settings.path("certificate")
    let key = settings.path("key")
    if settings.node("certificate") != nil, settings.node("key") == nil {
      settings.error("'certificate' without 'key'", expected: "both", at: "certificate")
    }
    if settings.node("key") != nil, settings.node("certificate") == nil {
      settings.error("'key' without 'certificate'", expected: "both", at: "key")
    }
    guard let certificate, let key else { return nil }
    return TLSBlueprint.Certificate(certificatePath: certificate, keyPath: key)
  }
}
