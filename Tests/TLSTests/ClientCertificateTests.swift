import Base
import COpenSSL
import Crypto
import Testing

@testable import TLS

@Suite struct ClientCertificateTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func hold(_ client: TLSClientContext, to version: Int32) {
    // Safety: the context is valid, and no session of it exists yet.
    _ = unsafe shim_SSL_CTX_set_max_proto_version(client.handle.pointer, version)
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `A required certificate must be there and be signed by the right authority`(
    version: Int32
  ) throws {
    let server = try fixture.server { $0.clientAuthentication = .required(try fixture.trust) }
    func attempt(_ key: CertifiedKey?) throws -> Duet {
      let client = try fixture.client { $0.certifiedKey = key }
      hold(client, to: version)
      var duet = try Duet(client, server)
      duet.run()
      return duet
    }
    let absent = try attempt(nil)
    #expect(absent.serverFailure?.kind == .noPeerCertificate)
    #expect(absent.clientFailure?.kind == .peerAlert)
    #expect(!absent.isServerDone)

    let present = try attempt(fixture.key("worker.test", purpose: .client))
    #expect(present.isDone)
    #expect(present.server.peerCertificate?.commonName == "worker.test")
    #expect(present.server.peerCertificate?.dnsNames == ["worker.test"])

    let stranger = try attempt(try Fixture().key("worker.test", purpose: .client))
    #expect(stranger.serverFailure?.kind == .unknownAuthority)
    let wrong = try attempt(fixture.key("worker.test", purpose: .server))
    #expect(wrong.serverFailure?.kind == .wrongPurpose)
    let old = try fixture.authority.issue(
      names: ["worker.test"], purpose: .client, days: 1, nowUnixSeconds: fixture.now - 86_400)
    #expect(try attempt(old).serverFailure?.kind == .certificateExpired)
  }

  @Test func `An optional certificate may be absent but not bad`() throws {
    let server = try fixture.server { $0.clientAuthentication = .optional(try fixture.trust) }
    var absent = try Duet(fixture.client(), server)
    absent.run()
    #expect(absent.isDone)
    #expect(absent.server.peerCertificate == nil)
    let bad = try Fixture().key("worker.test", purpose: .client)
    var duet = try Duet(fixture.client { $0.certifiedKey = bad }, server)
    duet.run()
    #expect(duet.serverFailure?.kind == .unknownAuthority)
  }

  @Test func `A client is asked for its certificate whatever name it calls`() throws {
    let server = try fixture.server([fixture.key("a.test"), fixture.key("b.test")]) {
      $0.clientAuthentication = .required(try fixture.trust)
    }
    for name in ["a.test", "b.test", "c.test"] {
      let client = try fixture.client { $0.verification = .insecure }
      var duet = try Duet(client, server, name: name)
      duet.run()
      #expect(duet.serverFailure?.kind == .noPeerCertificate)
    }
  }
}
