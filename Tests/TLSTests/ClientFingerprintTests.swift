import Base
import Testing

@testable import TLS

// TLS-16.
@Suite struct ClientFingerprintTests {
  private typealias Extension = (type: UInt16, content: [UInt8])

  private func two(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

  private func list(_ values: [UInt16]) -> [UInt8] { values.flatMap { two(Int($0)) } }

  private func hello(
    version: UInt16 = 0x0303, _ ciphers: [UInt16], _ extensions: [Extension]?
  ) -> [UInt8] {
    var body = two(Int(version)) + [UInt8](repeating: 7, count: 32) + [0]
    body += two(ciphers.count * 2) + list(ciphers) + [1, 0]
    if let extensions {
      let all = extensions.flatMap { list([$0.type]) + two($0.content.count) + $0.content }
      body += two(all.count) + all
    }
    return [1, 0] + two(body.count) + body
  }

  private func ja4(_ message: [UInt8]) -> String {
    String(decoding: ClientFingerprint.ja4(message.span), as: UTF8.self)
  }

  private func signatures(_ values: [UInt16]) -> Extension {
    (13, two(values.count * 2) + list(values))
  }

  private func versions(_ values: [UInt16]) -> Extension {
    (43, [UInt8(values.count * 2)] + list(values))
  }

  private func protocols(_ name: [UInt8]) -> Extension {
    (16, two(name.count + 1) + [UInt8(name.count)] + name)
  }

  // What two clients of the world have, by their published raw forms.
  private static let ciphers: [UInt16] = [
    0x2A2A, 0x1302, 0x1301, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014,
    0x009C, 0x009D, 0x002F, 0x0035,
  ]

  @Test func `Published clients have their published names, in whatever order they offer`() {
    let extensions: [Extension] =
      [
        (0x5A5A, []), (0, [1]), protocols(Array("h2".utf8)), versions([0x3A3A, 0x0304, 0x0303]),
        signatures([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]),
      ]
      + [
        0x001B, 0x000A, 0x0005, 0x4469, 0x0033, 0x0023, 0x002D, 0x0017, 0xFF01, 0x0012, 0x000B,
        0x0015,
      ].map { ($0, []) } + [(0xFAFA, [0])]
    let name = "t13d1516h2_8daaf6152771_e5627efa2ab1"
    #expect(ja4(hello(Self.ciphers, extensions)) == name)
    #expect(ja4(hello(Self.ciphers.reversed(), extensions.reversed())) == name)
    let other: [Extension] =
      [
        (0, [1]), protocols(Array("h2".utf8)), versions([0x0304, 0x0303]),
        signatures([0x0503, 0x0403, 0x0807, 0x0806, 0x0805, 0x0804, 0x0601, 0x0501, 0x0401]),
      ] + [0x0005, 0x000A, 0x000B, 0x0017, 0x0023, 0x002D, 0x0033].map { ($0, []) }
    let offered: [UInt16] = [
      0x00FF, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9,
    ]
    #expect(ja4(hello(offered, other)) == "t13d1011h2_61a7ad8aa9b6_3fcd1a44f3e3")
  }

  @Test func `What is not there is told by zeros, and what is odd by its bytes`() {
    #expect(ja4(hello([], nil)) == "t12i000000_000000000000_000000000000")
    #expect(ja4(hello(version: 0x0301, [0x002F], [])).hasPrefix("t10i010000_"))
    #expect(ja4(hello(version: 0x7F00, [0x002F], [])).hasPrefix("t00i010000_"))
    #expect(ja4(hello([0x002F], [protocols([0xAB, 0x2F])])).hasPrefix("t12i0101af_"))
    #expect(ja4(hello([0x002F], [protocols(Array("http/1.1".utf8))])).hasPrefix("t12i0101h1_"))
    #expect(ja4(hello([0x002F], [protocols([])])).hasPrefix("t12i010100_"))
    let many = (0..<150).map { UInt16($0) }
    #expect(ja4(hello(many, nil)).hasPrefix("t12i990000_"))
  }

  @Test func `What is cut, too long or no such message has no name`() {
    let whole = hello(Self.ciphers, [versions([0x0304]), protocols(Array("h2".utf8))])
    for count in 0..<whole.count { #expect(ja4(Array(whole.prefix(count))) == "") }
    #expect(ja4(whole + [0]) == "")
    #expect(ja4([2] + whole.dropFirst()) == "")
    #expect(ja4(hello([UInt16](repeating: 1, count: 512), nil)) != "")
    #expect(ja4(hello([UInt16](repeating: 1, count: 513), nil)) == "")
    func extensions(_ count: Int) -> [Extension] { (0..<count).map { (UInt16($0), []) } }
    #expect(ja4(hello([1], extensions(256))) != "")
    #expect(ja4(hello([1], extensions(257))) == "")
  }

  @Test func `A session has its client's name, resumed or not`() throws {
    let fixture = try Fixture()
    var duet = try Duet(fixture.client(), fixture.server())
    duet.run()
    let name = String(decoding: duet.server.clientFingerprint, as: UTF8.self)
    #expect(name.hasPrefix("t13d"))
    #expect(name.utf8.count == 36)
    #expect(duet.client.clientFingerprint.isEmpty)
  }
}
