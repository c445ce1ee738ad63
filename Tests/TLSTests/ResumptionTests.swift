import Base
import COpenSSL
import Crypto
import Testing

@testable import TLS

@Suite struct ResumptionTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func instant(hours: Int) -> Instant {
    Instant(nanoseconds: UInt64(hours) * 3_600_000_000_000)
  }

  /// A session of `client` with `server` whose ticket can be used `again`.
  @safe private struct Visit {
    let client: TLSClientContext
    let session: OpaquePointer

    init(_ client: TLSClientContext, _ server: TLSServerContext) throws {
      var duet = try Duet(client, server)
      duet.run()
      try #require(duet.isDone)
      self.client = client
      // OpenSSL spoils the session of a connection that ends without a word.
      duet.client.close(output: &duet.toServer)
      // Safety: the session is valid; the reference is given back by `free`.
      unsafe session = try #require(unsafe SSL_get1_session(duet.client.ssl))
    }

    func again(_ server: TLSServerContext, client other: TLSClientContext? = nil) throws -> Duet {
      var duet = try Duet(other ?? client, server)
      // Safety: both are valid; a reference is counted.
      _ = unsafe SSL_set_session(duet.client.ssl, session)
      duet.run()
      return duet
    }

    func free() {
      // Safety: called once, at the end of each test.
      unsafe SSL_SESSION_free(session)
    }
  }

  private func client(_ version: Int32, key: CertifiedKey? = nil) throws -> TLSClientContext {
    let client = try fixture.client { $0.certifiedKey = key }
    // Safety: the context is valid, and no session of it exists yet.
    _ = unsafe shim_SSL_CTX_set_max_proto_version(client.handle.pointer, version)
    return client
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A ticket is good for two rotations and no more`(version: Int32) throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let server = try fixture.server { $0.ticketKeys = ring }
    let visit = try Visit(client(version), server)
    defer { visit.free() }
    for hours in [8, 16] {
      let duet = try visit.again(server)
      #expect(duet.isDone)
      #expect(duet.server.isResumed)
      #expect(duet.client.isResumed)
      #expect(duet.server.serverName == "a.test")
      try ring.rotate(now: instant(hours: hours))
    }
    #expect(try visit.again(server).server.isResumed)
    try ring.rotate(now: instant(hours: 20))
    let late = try visit.again(server)
    #expect(late.isDone)
    #expect(!late.server.isResumed)
  }

  // TLS-07.
  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `Nodes with one secret resume each other's sessions for a day`(version: Int32) throws {
    let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    let other = Array("0123456789abcdef0123456789abcdeg".utf8)
    func node(_ secret: [UInt8], hours: Int) throws -> TLSServerContext {
      let ring = try TicketKeyRing(now: instant(hours: 0))
      try ring.derive(from: secret, now: instant(hours: 0), unixSeconds: Int64(hours) * 3_600)
      return try fixture.server { $0.ticketKeys = ring }
    }
    let visit = try Visit(client(version), node(secret, hours: 80))
    defer { visit.free() }
    // A clock that is behind, the same period, and the two after it: then the key is gone.
    for hours in [79, 80, 87, 88, 103] {
      #expect(try visit.again(node(secret, hours: hours)).server.isResumed, "\(hours)")
    }
    for hours in [71, 104] {
      let late = try visit.again(node(secret, hours: hours))
      #expect(late.isDone && !late.server.isResumed, "\(hours)")
    }
    #expect(try !visit.again(node(other, hours: 80)).server.isResumed)
  }

  // RFC 8446 §2.3: what is sent before can be sent again by others.
  // TLS-08.
  @Test func `A ticket lets nobody send before the handshake is over`() throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let server = try fixture.server { $0.ticketKeys = ring }
    let visit = try Visit(client(TLS1_3_VERSION), server)
    defer { visit.free() }
    // Safety: the session is valid until it is freed.
    let most = unsafe SSL_SESSION_get_max_early_data(visit.session)
    #expect(most == 0)
  }

  @Test func `A key older than a day opens nothing`() throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let server = try fixture.server { $0.ticketKeys = ring }
    let visit = try Visit(client(TLS1_3_VERSION), server)
    defer { visit.free() }
    #expect(try !ring.rotateIfDue(now: instant(hours: 7)))
    #expect(try visit.again(server).server.isResumed)
    #expect(try ring.rotateIfDue(now: instant(hours: 24)))
    #expect(try !visit.again(server).server.isResumed)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A ticket outlives a reload that shares the ring`(version: Int32) throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let visit = try Visit(client(version), fixture.server { $0.ticketKeys = ring })
    defer { visit.free() }
    #expect(try visit.again(fixture.server { $0.ticketKeys = ring }).server.isResumed)
    let other = try TicketKeyRing(now: instant(hours: 0))
    let stranger = try visit.again(fixture.server { $0.ticketKeys = other })
    #expect(stranger.isDone)
    #expect(!stranger.server.isResumed)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `Without a ring nothing is resumed`(version: Int32) throws {
    let server = try fixture.server()
    let visit = try Visit(client(version), server)
    defer { visit.free() }
    let duet = try visit.again(server)
    #expect(duet.isDone)
    #expect(!duet.server.isResumed)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A client keeps its identity through a ticket`(version: Int32) throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let trust = try fixture.trust
    let server = try fixture.server {
      $0.ticketKeys = ring
      $0.clientAuthentication = .required(trust)
    }
    let key = try fixture.key("worker.test", purpose: .client)
    let visit = try Visit(client(version, key: key), server)
    defer { visit.free() }
    // The second client has no certificate of its own to show: it lives from the ticket alone.
    let duet = try visit.again(server, client: client(version))
    #expect(duet.isDone)
    #expect(duet.server.isResumed)
    #expect(duet.server.peerCertificate?.fingerprint == key.certificate.fingerprint)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A ticket from where no certificate is demanded opens no door where one is`(
    version: Int32
  ) throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let trust = try fixture.trust
    let key = try fixture.key("a.test")
    let other = try Fixture()
    let open = try fixture.server([key]) { $0.ticketKeys = ring }
    let optional = try fixture.server([key]) {
      $0.ticketKeys = ring
      $0.clientAuthentication = .optional(trust)
    }
    let required = try fixture.server([key]) {
      $0.ticketKeys = ring
      $0.clientAuthentication = .required(trust)
    }
    for first in [open, optional] {
      let visit = try Visit(client(version), first)
      defer { visit.free() }
      let duet = try visit.again(required)
      #expect(duet.serverFailure?.kind == .noPeerCertificate)
      #expect(!duet.isServerDone)
    }
    // A certificate that another authority vouched for is no good here either.
    let elsewhere = try fixture.server([key]) {
      $0.ticketKeys = ring
      $0.clientAuthentication = .required(try other.trust)
    }
    let stranger = try other.key("worker.test", purpose: .client)
    let visit = try Visit(client(version, key: stranger), elsewhere)
    defer { visit.free() }
    #expect(try visit.again(required).serverFailure?.kind == .unknownAuthority)
  }

  // TLS-03.
  @Test func `A first message that was changed on the way leads to no session`() throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let server = try fixture.server { $0.ticketKeys = ring }
    let visit = try Visit(client(TLS1_3_VERSION), server)
    defer { visit.free() }
    var duet = try Duet(visit.client, server)
    // Safety: both are valid; a reference is counted.
    _ = unsafe SSL_set_session(duet.client.ssl, visit.session)
    duet.client.start(output: &duet.toServer)
    var bytes = duet.toServer.takeStorage()
    // The ticket is the identity in the last extension, before the binder (RFC 8446 §4.2.11).
    let length = 5 + Int(bytes[3]) << 8 + Int(bytes[4])
    bytes[length / 2] ^= 1
    duet.toServer.append(Array(bytes[..<length]))
    duet.pump()
    #expect(!duet.isServerDone)
    #expect(!duet.server.isResumed)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A session with the second certificate is resumed as well`(version: Int32) throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let trust = try fixture.trust
    let keys = [try fixture.key("b.test"), try fixture.key("a.test")]
    let server = try fixture.server(keys) {
      $0.ticketKeys = ring
      $0.clientAuthentication = .required(trust)
      $0.rejectsUnknownNames = true
    }
    let key = try fixture.key("worker.test", purpose: .client)
    let visit = try Visit(client(version, key: key), server)
    defer { visit.free() }
    let duet = try visit.again(server, client: client(version))
    #expect(duet.isDone)
    #expect(duet.server.isResumed)
    #expect(duet.server.applicationProtocol == "http/1.1")
    #expect(duet.server.peerCertificate?.commonName == "worker.test")
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A client whose certificate has expired is not let in by its ticket`(
    version: Int32
  ) throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let trust = try fixture.trust
    let server = try fixture.server {
      $0.ticketKeys = ring
      $0.clientAuthentication = .required(trust)
    }
    // Safety: the context is valid; without this the first visit would fail already.
    let parameters = unsafe SSL_CTX_get0_param(server.handle.pointer)
    _ = unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_NO_CHECK_TIME))
    let old = try fixture.authority.issue(
      names: ["worker.test"], purpose: .client, days: 1, nowUnixSeconds: fixture.now - 86_400)
    let visit = try Visit(client(version, key: old), server)
    defer { visit.free() }
    let duet = try visit.again(server)
    #expect(duet.isDone)
    #expect(!duet.server.isResumed)
  }

  @Test func `Threads share contexts while keys rotate`() async throws {
    let ring = try TicketKeyRing(now: instant(hours: 0))
    let trust = try fixture.trust
    let keys = [try fixture.key("a.test"), try fixture.key("*.b.test")]
    let server = try fixture.server(keys) {
      $0.ticketKeys = ring
      $0.clientAuthentication = .optional(trust)
    }
    let client = try client(TLS1_3_VERSION, key: fixture.key("worker.test", purpose: .client))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for worker in 0..<4 {
        group.addTask {
          var count = 0
          for round in 0..<25 {
            var duet = try Duet(client, server, name: round % 2 == 0 ? "a.test" : "x.b.test")
            duet.run()
            if duet.isDone, duet.server.peerCertificate?.commonName == "worker.test" { count += 1 }
            if worker == 0 { try ring.rotate(now: Instant(nanoseconds: UInt64(round))) }
          }
          return count
        }
      }
      for try await count in group { #expect(count == 25) }
    }
  }
}
