import Base
import Client
import Testing

@Suite struct EgressRuleTests {
  @Test func `Addresses of special use are not public`() throws {
    let special = [
      "127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
      "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00::1",
      "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "ff02::1", "::7f00:1",
    ]
    for text in special {
      let address = try #require(IPAddress(text))
      #expect(!EgressRule.isPublic(address), "\(text)")
    }
    for text in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "64:ff9b::101:101"] {
      let address = try #require(IPAddress(text))
      #expect(EgressRule.isPublic(address), "\(text)")
    }
  }

  @Test func `URLs are split as browsers do not`() throws {
    let good = try #require(ClientOrigin.split("HTTPS://Example.COM:8443/a?b#c"))
    #expect(good.origin.description == "https://example.com:8443")
    #expect(good.target == "/a?b")
    let v6 = try #require(ClientOrigin.split("http://[::1]"))
    #expect(v6.origin.authority == "[::1]")
    #expect(v6.target == "/")
    for bad in [
      "ftp://a/", "http://", "http://a@b/", "http://a:0/", "http://a:99999/", "http://0x7f.1/",
      "http:///x", "//a", "http://a:b/",
    ] {
      #expect(ClientOrigin.split(bad) == nil, "\(bad)")
    }
  }
}
