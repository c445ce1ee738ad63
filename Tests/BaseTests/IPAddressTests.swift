import Testing

@testable import Base

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::", "::"), ("::ffff:10.1.2.3", "10.1.2.3"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:DB8::", "2001:db8::"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("fe80::1:2", "fe80::1:2"),
    ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
  ])
  func `An address is read and written in its shortest form`(text: String, canonical: String) {
    #expect(IPAddress(text)?.description == canonical)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1..2.3", ":", ":::", "1::2::3", "12345::",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1%eth0", "g::", "1.2.3.4:80", "1:", ":1",
  ])
  func `What is no address is refused`(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func `A block holds its own addresses and no others`() throws {
    let block = try #require(AddressBlock("10.1.0.0/16"))
    #expect(block.contains(try #require(IPAddress("10.1.255.3"))))
    #expect(block.contains(try #require(IPAddress("::ffff:10.1.2.3"))))
    #expect(!block.contains(try #require(IPAddress("10.2.0.1"))))
    #expect(AddressBlock("10.1.0.1/16") == nil)
    #expect(AddressBlock("10.1.0.0/33") == nil)
    let six = try #require(AddressBlock("2001:db8::/33"))
    #expect(six.contains(try #require(IPAddress("2001:db8:7fff::1"))))
    #expect(!six.contains(try #require(IPAddress("2001:db8:8000::1"))))
    #expect(!six.contains(try #require(IPAddress("10.1.2.3"))))
    #expect(try #require(AddressBlock("0.0.0.0/0")).contains(IPAddress(v4: 0x0102_0304)))
  }
}
