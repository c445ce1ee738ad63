import Base
import Crypto
import Testing

@testable import TLS

@Suite struct UpstreamVerificationTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func attempt(
    _ key: CertifiedKey, name: String, isInsecure: Bool = false
  ) throws -> Duet {
    let client = try fixture.client { if isInsecure { $0.verification = .insecure } }
    var duet = try Duet(client, fixture.server([key]), name: name)
    duet.run()
    return duet
  }

  @Test func `An upstream is believed by host name and by address`() throws {
    let key = try fixture.key("a.test", "*.b.test", "127.0.0.1", "::1")
    for name in ["a.test", "A.TEST", "x.b.test", "127.0.0.1", "::1"] {
      #expect(try attempt(key, name: name).isDone)
    }
  }

  // TLS-12.
  @Test func `An upstream with another name is refused`() throws {
    let key = try fixture.key("a.test", "*.b.test", "127.0.0.1")
    for name in ["b.test", "x.y.b.test", "aa.test", "127.0.0.2", "::1"] {
      let duet = try attempt(key, name: name)
      #expect(duet.clientFailure?.kind == .wrongHost)
      #expect(duet.serverFailure?.kind == .peerAlert)
      #expect(try attempt(key, name: name, isInsecure: true).isDone)
    }
  }

  // TLS-12.
  @Test func `An upstream of an unknown authority is refused`() throws {
    let key = try Fixture().key("a.test")
    #expect(try attempt(key, name: "a.test").clientFailure?.kind == .unknownAuthority)
    #expect(try attempt(key, name: "a.test", isInsecure: true).isDone)
  }

  @Test func `An upstream whose certificate is not valid now is refused`() throws {
    let old = try fixture.authority.issue(
      names: ["a.test"], days: 1, nowUnixSeconds: fixture.now - 86_400)
    #expect(try attempt(old, name: "a.test").clientFailure?.kind == .certificateExpired)
    #expect(try attempt(old, name: "a.test", isInsecure: true).isDone)
    let early = try fixture.authority.issue(
      names: ["a.test"], nowUnixSeconds: fixture.now + 3 * 86_400)
    #expect(try attempt(early, name: "a.test").clientFailure?.kind == .certificateNotYetValid)
  }

  @Test func `An upstream with a client's certificate is refused`() throws {
    let key = try fixture.key("a.test", purpose: .client)
    #expect(try attempt(key, name: "a.test").clientFailure?.kind == .wrongPurpose)
  }
}
