import Base
import COpenSSL
import Crypto
import Testing

@testable import TLS

/// That an identity shown to one name is good for that name alone.
@Suite struct NameBindingTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A ticket does not carry a client's identity to another name`(version: Int32) throws {
    let ring = try TicketKeyRing(now: Instant(nanoseconds: 0))
    let server = try fixture.server([fixture.key("a.test", "b.test")]) {
      $0.ticketKeys = ring
      $0.clientAuthentication = .optional(try fixture.trust)
    }
    let identity = try fixture.key("worker.test", purpose: .client)
    let client = try fixture.client { $0.certifiedKey = identity }
    let stranger = try fixture.client()
    for context in [client, stranger] {
      // Safety: the context is valid, and no session of it exists yet.
      _ = unsafe shim_SSL_CTX_set_max_proto_version(context.handle.pointer, version)
    }
    var first = try Duet(client, server, name: "a.test")
    first.run()
    try #require(first.isDone)
    first.client.close(output: &first.toServer)
    // Safety: the session is valid; the reference is given back below.
    let session = unsafe try #require(SSL_get1_session(first.client.ssl))
    defer { unsafe SSL_SESSION_free(session) }

    for (name, isGood) in [("a.test", true), ("b.test", false)] {
      var second = try Duet(stranger, server, name: name)
      // Safety: both are valid; a reference is counted.
      _ = unsafe SSL_set_session(second.client.ssl, session)
      second.run()
      #expect(second.isDone)
      #expect(second.server.isResumed == isGood)
      #expect((second.server.peerCertificate != nil) == isGood)
      #expect(second.server.serverName == name)
    }
  }

  @Test func `A connection serves its own name, and others only without client certificates`()
    throws
  {
    func serves(_ server: TLSServerContext, _ name: String, _ host: String) throws -> Bool {
      var duet = try Duet(fixture.client { $0.verification = .insecure }, server, name: name)
      duet.run()
      try #require(duet.isDone)
      return duet.server.mayServe(host: host.utf8.span)
    }
    let one = try fixture.server([fixture.key("a.test")])
    for host in ["a.test", "b.test", "127.0.0.1"] { #expect(try serves(one, "a.test", host)) }
    let two = try fixture.server([fixture.key("a.test", "c.test"), fixture.key("*.b.test")])
    for host in ["a.test", "c.test", "x.test"] { #expect(try serves(two, "a.test", host)) }
    #expect(try !serves(two, "a.test", "x.b.test"))
    #expect(try serves(two, "x.b.test", "y.b.test"))
    #expect(try !serves(two, "x.b.test", "a.test"))
    #expect(try serves(two, "127.0.0.1", "a.test"))
    #expect(try !serves(two, "127.0.0.1", "x.b.test"))
    let asking = try fixture.server([fixture.key("a.test", "c.test")]) {
      $0.clientAuthentication = .optional(try fixture.trust)
    }
    #expect(try serves(asking, "a.test", "a.test"))
    #expect(try !serves(asking, "a.test", "c.test"))
  }
}
