import Base
import COpenSSL
import Crypto
import Testing

@testable import TLS

@Suite struct HandshakeTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  /// Holds a client to versions and ciphers that our own settings do not let anybody choose.
  private func bend(_ client: TLSClientContext, highest: Int32? = nil, ciphers: String? = nil) {
    // Safety: the context is valid, and no session of it exists yet.
    unsafe SSL_CTX_set_security_level(client.handle.pointer, 0)
    if let highest {
      _ = unsafe shim_SSL_CTX_set_min_proto_version(client.handle.pointer, TLS1_VERSION)
      _ = unsafe shim_SSL_CTX_set_max_proto_version(client.handle.pointer, highest)
    }
    if let ciphers { _ = unsafe SSL_CTX_set_cipher_list(client.handle.pointer, ciphers) }
  }

  // TLS-14.
  @Test(arguments: TLSProfile.allCases)
  func `A client of today gets TLS 1.3 with either profile`(profile: TLSProfile) throws {
    let server = try fixture.server { $0.profile = profile }
    var duet = try Duet(fixture.client(), server)
    duet.run()
    #expect(duet.isDone)
    for session in [duet.client, duet.server] {
      #expect(session.version == .v13)
      #expect("\(session.cipher.name)".hasPrefix("TLS_"))
      #expect(session.serverName == "a.test")
      #expect(session.applicationProtocol == "http/1.1")
      #expect(!session.isResumed)
      #expect(session.isOpen)
    }
    #expect(duet.server.peerCertificate == nil)
    #expect(duet.client.peerCertificate?.dnsNames == ["a.test"])
  }

  // TLS-01.
  @Test func `A client of TLS 1.2 gets it from intermediate and an alert from modern`() throws {
    let client = try fixture.client()
    bend(client, highest: TLS1_2_VERSION)
    var duet = try Duet(client, fixture.server())
    duet.run()
    #expect(duet.isDone)
    #expect(duet.server.version == .v12)
    #expect("\(duet.server.cipher.name)".hasPrefix("TLS_ECDHE_ECDSA_WITH_"))
    var refused = try Duet(client, fixture.server { $0.profile = .modern })
    refused.run()
    #expect(refused.serverFailure?.kind == .unsupportedVersion)
    #expect(refused.clientFailure?.alert == 70)
  }

  // TLS-01.
  @Test func `A client of TLS 1.1 is refused`() throws {
    let client = try fixture.client()
    bend(client, highest: TLS1_1_VERSION, ciphers: "ALL:@SECLEVEL=0")
    var duet = try Duet(client, fixture.server())
    duet.run()
    #expect(duet.serverFailure?.kind == .unsupportedVersion)
    #expect(duet.clientFailure?.alert == 70)
  }

  // TLS-02.
  @Test(arguments: [
    "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384", "AES128-GCM-SHA256:AES256-SHA",
    "DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM8",
  ])
  func `A client with ciphers of yesterday alone is refused`(ciphers: String) throws {
    let client = try fixture.client()
    bend(client, highest: TLS1_2_VERSION, ciphers: ciphers)
    var duet = try Duet(client, fixture.server())
    duet.run()
    #expect(duet.serverFailure?.kind == .noSharedCipher)
    #expect(duet.clientFailure?.alert == 40)
  }

  @Test func `A client's order of ciphers is followed where it puts ChaCha20 first`() throws {
    for name in ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES256-GCM-SHA384"] {
      let client = try fixture.client()
      bend(client, highest: TLS1_2_VERSION, ciphers: "\(name):ECDHE-ECDSA-AES128-GCM-SHA256")
      var duet = try Duet(client, fixture.server())
      duet.run()
      #expect(duet.isDone)
      #expect(duet.server.cipher.number == (name.contains("CHACHA") ? 0xCCA9 : 0xC02B))
    }
  }

  @Test func `The server's order of protocols is followed`() throws {
    let server = try fixture.server { $0.applicationProtocols = ["h2", "http/1.1"] }
    let client = try fixture.client { $0.applicationProtocols = ["http/1.0", "http/1.1", "h2"] }
    var duet = try Duet(client, server)
    duet.run()
    #expect(duet.server.applicationProtocol == "h2")
    #expect(duet.client.applicationProtocol == "h2")
  }

  @Test func `A client with other protocols alone gets the alert for it`() throws {
    let client = try fixture.client { $0.applicationProtocols = ["h2", "http/1.10", "http/1."] }
    var duet = try Duet(client, fixture.server())
    duet.run()
    #expect(duet.serverFailure?.kind == .noApplicationProtocol)
    #expect(duet.clientFailure?.alert == 120)
  }

  @Test func `A client that speaks of no protocol is served`() throws {
    let client = try fixture.client()
    // Safety: the context is valid; no list takes the place of the one that was set.
    _ = unsafe SSL_CTX_set_alpn_protos(client.handle.pointer, nil, 0)
    var duet = try Duet(client, fixture.server())
    duet.run()
    #expect(duet.isDone)
    #expect(duet.server.applicationProtocol == nil)
  }

  // TLS-04.
  @Test(arguments: [
    ("a.test", "a.test"), ("A.Test", "a.test"), ("x.wild.test", "*.wild.test"),
    ("exact.wild.test", "exact.wild.test"), ("y.x.wild.test", "a.test"), ("wild.test", "a.test"),
    ("other.test", "a.test"),
  ])
  func `The certificate is chosen by name, an exact one before a wildcard`(
    asked: String, shown: String
  ) throws {
    let server = try fixture.server([
      fixture.key("a.test"), fixture.key("*.wild.test"), fixture.key("exact.wild.test"),
    ])
    var duet = try Duet(fixture.client { $0.verification = .insecure }, server, name: asked)
    duet.run()
    #expect(duet.isDone)
    #expect(duet.client.peerCertificate?.dnsNames == [shown])
    #expect(duet.server.serverName == asked.lowercased())
    #expect(duet.server.applicationProtocol == "http/1.1")
  }

  // TLS-04.
  @Test func `A name that no certificate bears is refused on demand`() throws {
    let server = try fixture.server([fixture.key("a.test"), fixture.key("b.test")]) {
      $0.rejectsUnknownNames = true
    }
    let client = try fixture.client { $0.verification = .insecure }
    for name in ["c.test", "127.0.0.1"] {
      var duet = try Duet(client, server, name: name)
      duet.run()
      #expect(duet.serverFailure?.kind == .unknownServerName)
      #expect(duet.clientFailure?.alert == 112)
    }
    for name in ["a.test", "b.test"] {
      var duet = try Duet(client, server, name: name)
      duet.run()
      #expect(duet.isDone)
    }
  }

  @Test func `Settings that make no sense are refused`() throws {
    #expect(throws: TLSSettingsError.noCertificate) { try fixture.server([]) }
    #expect(throws: TLSSettingsError.invalidApplicationProtocol("")) {
      try fixture.server { $0.applicationProtocols = [] }
    }
    #expect(throws: TLSSettingsError.noAuthorities) { try TrustStore(authorities: []) }
    #expect(throws: TLSSettingsError.noSystemAuthorities) {
      try TrustStore(systemBundles: ["/nonexistent"])
    }
    let client = try fixture.client()
    #expect(throws: TLSSettingsError.invalidServerName("a b")) {
      try TLSSession(client: client, serverName: "a b")
    }
  }
}
