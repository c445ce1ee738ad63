import Formats
import Testing

@Suite struct Base64Tests {
  private func decode(_ text: String, _ alphabet: Base64.Alphabet = .url) -> [UInt8]? {
    Base64.decode(text.utf8.span, alphabet)
  }

  private func encode(_ bytes: [UInt8], _ alphabet: Base64.Alphabet = .url) -> String {
    Base64.encode(bytes.span, alphabet)
  }

  @Test func `The examples of RFC 4648 come out both ways`() {
    let examples = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]
    for (text, encoded) in examples {
      let bare = encoded.replacing("=", with: "")
      #expect(encode(Array(text.utf8), .standard) == encoded)
      #expect(encode(Array(text.utf8)) == bare)
      #expect(decode(encoded, .standard) == Array(text.utf8))
      #expect(decode(bare) == Array(text.utf8))
    }
  }

  @Test func `Every byte comes back`() {
    let all = (0...255).map { UInt8($0) }
    for count in [256, 255, 254] {
      let bytes = Array(all.prefix(count))
      #expect(decode(encode(bytes)) == bytes)
      #expect(decode(encode(bytes, .standard), .standard) == bytes)
    }
  }

  @Test(arguments: ["A", "AAAAA", "AB", "AAB", "Zg==", "Zm8=", "A A", "AA\n", "+/AA", "AA*A", "é"])
  func `Text of another form is refused`(text: String) {
    #expect(decode(text) == nil)
  }

  @Test(arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "=", "====", "Z===", "Zg==Zg==", "-_AA", "Zm8=\n"])
  func `Padded text of another form is refused`(text: String) {
    #expect(decode(text, .standard) == nil)
  }
}
