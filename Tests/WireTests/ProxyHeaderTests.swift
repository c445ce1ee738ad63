import Base
import Testing
import Wire

@Suite struct ProxyHeaderTests {
  private func read(_ text: String) -> ProxyHeader.Outcome {
    ProxyHeader.read(Array(text.utf8).span)
  }

  private func binary(
    _ family: UInt8, _ content: [UInt8], command: UInt8 = 0x21
  ) -> [UInt8] {
    [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
      + [command, family, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
  }

  @Test(arguments: [
    ("PROXY TCP4 192.0.2.1 198.51.100.2 65535 443\r\n", "192.0.2.1"),
    ("PROXY TCP6 2001:db8::1 ::1 1 0\r\nGET", "2001:db8::1"),
    ("PROXY UNKNOWN\r\n", nil), ("PROXY UNKNOWN ffff::1 :: 65535 65535\r\n", nil),
  ])
  func `A line says whose a connection is`(line: String, address: String?) throws {
    let end = try #require(line.utf8.firstIndex(of: 0x0A))
    let count = line.utf8.distance(from: line.utf8.startIndex, to: end) + 1
    #expect(read(line) == .complete(count: count, source: address.flatMap { IPAddress($0) }))
    for less in 0..<count {
      #expect(ProxyHeader.read(Array(line.utf8.prefix(less)).span) == .incomplete)
    }
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\n", "PROXX", "proxy TCP4", "PROXY  TCP4 1.2.3.4 1.2.3.4 1 1\r\n",
    "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 1 1\r\n",
    "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n",
    "PROXY TCP4 1.2.3.4 1.2.3.4 -1 1\r\n", "PROXY TCP4 1.2.3 1.2.3.4 1 1\r\n",
    "PROXY TCP4 ::1 ::1 1 1\r\n", "PROXY TCP6 1.2.3.4 1.2.3.4 1 1\r\n",
    "PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n", "PROXY TCP4 1.2.3.4 1.2.3.4 1 1\n",
    "PROXY TCP4 01.2.3.4 1.2.3.4 1 1\r\n", "\r\n\r\nX",
  ])
  func `What is no header is none`(text: String) {
    guard case .malformed = read(text) else {
      Issue.record("taken: \(text)")
      return
    }
  }

  @Test func `A line has 107 bytes at most`() {
    func line(_ count: Int) -> String {
      "PROXY UNKNOWN " + String(repeating: "x", count: count - 16) + "\r\n"
    }
    #expect(read(line(107)) == .complete(count: 107, source: nil))
    #expect(read(line(108)) == .malformed("a line that is too long or ends otherwise"))
    let endless = Array(line(109).utf8.prefix(107))
    #expect(ProxyHeader.read(endless.span) == .malformed("a line without end"))
    #expect(ProxyHeader.read(Array(endless.dropLast()).span) == .incomplete)
  }

  @Test func `A binary header says whose a connection is`() {
    let v4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 2, 0, 80, 1, 187]
    let v6 = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
    for (bytes, address) in [
      (binary(0x11, v4), "192.0.2.1"), (binary(0x11, v4 + [4, 0, 1, 0]), "192.0.2.1"),
      (binary(0x21, v6 + v6 + [0, 1, 0, 2]), "2001:db8::1"), (binary(0x11, v4, command: 0x20), nil),
      (binary(0x00, [], command: 0x20), nil), (binary(0x00, [1, 2, 3]), nil),
      (binary(0x31, [UInt8](repeating: 0, count: 216)), nil),
    ] {
      let whole = bytes + Array("GET /".utf8)
      let source = address.flatMap { IPAddress($0) }
      #expect(ProxyHeader.read(whole.span) == .complete(count: bytes.count, source: source))
      for less in 0..<bytes.count {
        #expect(ProxyHeader.read(Array(bytes.prefix(less)).span) == .incomplete)
      }
    }
  }

  @Test func `A binary header that is too short, too long or of another kind is none`() {
    let v4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 2, 0, 80, 1, 187]
    for bytes in [
      binary(0x11, Array(v4.dropLast())), binary(0x21, v4), binary(0x12, v4),
      binary(0x11, v4, command: 0x22),
      binary(0x11, v4, command: 0x11), binary(0x41, v4),
      binary(0x11, [UInt8](repeating: 0, count: ProxyHeader.bytesMax - 15)),
    ] {
      guard case .malformed = ProxyHeader.read(bytes.span) else {
        Issue.record("taken: \(bytes.prefix(20))")
        continue
      }
    }
    let most = binary(0x11, [UInt8](repeating: 0, count: ProxyHeader.bytesMax - 16))
    #expect(
      ProxyHeader.read(most.span)
        == .complete(count: ProxyHeader.bytesMax, source: .unspecified))
  }

  @Test func `What is written is read, for both families and mixed ones`() throws {
    let addresses = try ["192.0.2.7", "203.0.113.255", "2001:db8::1", "::1"].map {
      try #require(IPAddress($0))
    }
    for version in ProxyHeader.Version.allCases {
      for (source, other) in zip(addresses, addresses.reversed()) {
        for destination in [source, other] {
          let header = ProxyHeader.write(
            version, from: .init(source, port: 65_535), to: .init(destination, port: 0))
          #expect(
            ProxyHeader.read(header.span) == .complete(count: header.count, source: source))
        }
      }
    }
    let end = ProxyHeader.End(addresses[0], port: 443)
    #expect(
      ProxyHeader.write(.v1, from: end, to: .init(addresses[1], port: 80))
        == Array("PROXY TCP4 192.0.2.7 203.0.113.255 443 80\r\n".utf8))
    #expect(
      ProxyHeader.write(.v2, from: end, to: .init(addresses[1], port: 80)).suffix(16)
        == [0x21, 0x11, 0, 12, 192, 0, 2, 7, 203, 0, 113, 255, 1, 187, 0, 80])
  }
}
