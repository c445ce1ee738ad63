import Base
import HTTP
import Testing

@testable import Gateway

@Suite struct SchemeRuleTests {
  // RFC 9110 §7.4.
  @Test func `What names https needs TLS, or a gateway that is trusted to have had it`() throws {
    let hop = try #require(AddressBlock("192.0.2.0/24"))
    func isMisdirected(_ scheme: Scheme, isSecure: Bool, _ peer: String) throws -> Bool {
      let address = try #require(IPAddress(peer))
      return SchemeRule.isMisdirected(scheme, isSecure: isSecure, from: address, hops: [hop])
    }
    for isSecure in [true, false] {
      #expect(try !isMisdirected(.unnamed, isSecure: isSecure, "198.51.100.1"))
    }
    #expect(try isMisdirected(.https, isSecure: false, "198.51.100.1"))
    #expect(try !isMisdirected(.https, isSecure: true, "198.51.100.1"))
    #expect(try !isMisdirected(.https, isSecure: false, "192.0.2.7"))
    #expect(try !isMisdirected(.https, isSecure: false, "127.0.0.1"))
    #expect(try isMisdirected(.http, isSecure: true, "127.0.0.1"))
    #expect(try !isMisdirected(.http, isSecure: true, "192.0.2.7"))
    #expect(try !isMisdirected(.http, isSecure: false, "198.51.100.1"))
  }
}
