import Base
import HTTP
import Testing

@testable import Gateway

/// Who a request came from, by what trusted hops say: the last of them is at 10.0.0.1.
@Suite struct ForwardedChainTests {
  private let hops = ["10.0.0.0/8", "fd00::/8"].compactMap { AddressBlock($0) }

  private func fields(_ lines: [String], _ name: StaticString = "x-forwarded-for") -> Fields {
    var fields = Fields()
    fields.append(name: "other", text: "9.9.9.9")
    for line in lines { fields.append(name: name, value: line.utf8.span) }
    return fields
  }

  // NRM-14.
  @Test(arguments: [
    (["1.1.1.1"], "1.1.1.1"), (["1.1.1.1, 2.2.2.2"], "2.2.2.2"),
    (["1.1.1.1, 2.2.2.2, 10.0.0.7"], "2.2.2.2"), (["1.1.1.1", "9.9.9.9"], "9.9.9.9"),
    (["9.9.9.9", "10.0.0.2, 10.0.0.3"], "9.9.9.9"), (["10.0.0.9", "10.0.0.3"], "10.0.0.9"),
    (["9.9.9.9:4711"], "9.9.9.9"), (["[2001:db8::1]:443"], "2001:db8::1"),
    (["[2001:db8::1]"], "2001:db8::1"), (["2001:db8::1"], "2001:db8::1"),
    (["1.1.1.1, junk, 10.0.0.3"], "10.0.0.3"), (["1.1.1.1, 9.9.9.9:, 10.0.0.3"], "10.0.0.3"),
    (["1.1.1.1, [9.9.9.9], 10.0.0.3"], "10.0.0.3"), (["8.8.8.8, "], nil), (["unknown"], nil),
    (["8.8.8.8:123456"], nil), (["[::1"], nil), ([], nil),
  ])
  func `The client is the first from the right that is no hop`(lines: [String], client: String?) {
    let found = ForwardedChain.origin(fields(lines), hops)
    #expect(found == client.flatMap { IPAddress($0) })
  }

  // NRM-14.
  @Test func `The whole list goes on, whatever lines it came in`() {
    let told = ForwardedChain.told(fields(["1.1.1.1, 2.2.2.2", "", "3.3.3.3"]))
    #expect(String(decoding: told, as: UTF8.self) == "1.1.1.1, 2.2.2.2, 3.3.3.3, ")
  }

  @Test(arguments: [
    (["https"], true), (["HTTP"], false), (["ftp"], nil), (["https", "http"], nil), ([], nil),
  ])
  func `A hop says by what scheme it was asked`(lines: [String], isSecure: Bool?) {
    #expect(ForwardedChain.isSecure(fields(lines, "x-forwarded-proto")) == isSecure)
  }
}
