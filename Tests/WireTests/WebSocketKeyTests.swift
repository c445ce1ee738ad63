import HTTP
import Testing

@testable import Wire

/// The key of a handshake, by the examples of RFC 6455 §1.3 and RFC 3174 §7.3.
@Suite struct WebSocketKeyTests {
  @Test func `The answer to a key is the standard's`() {
    let key = WebSocketKey(text: Array("dGhlIHNhbXBsZSBub25jZQ==".utf8))
    #expect(String(decoding: key.answer, as: UTF8.self) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    var fields = Fields()
    fields.append(name: "sec-websocket-accept", text: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(key.isAnswered(in: fields) && !WebSocketKey(1, 2).isAnswered(in: fields))
    fields.append(name: "sec-websocket-accept", text: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(!key.isAnswered(in: fields) && !key.isAnswered(in: Fields()))
  }

  @Test func `The digest is the standard's for every length around a block`() {
    func hex(_ text: String) -> String {
      WebSocketKey.digest(Array(text.utf8)).map { String(0x100 | Int($0), radix: 16).dropFirst() }
        .joined()
    }
    #expect(hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    #expect(
      hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
    #expect(
      hex(
        String(
          repeating: "0123456701234567012345670123456701234567012345670123456701234567", count: 10))
        == "dea356a2cddd90c7a7ecedc5ebb563934f460452")
  }

  @Test func `A key is 16 bytes`() {
    #expect(WebSocketKey(0, 1).text == Array("AAAAAAAAAAAAAAAAAAAAAQ==".utf8))
  }
}
