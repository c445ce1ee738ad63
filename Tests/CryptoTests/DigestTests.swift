import Base
import Crypto
import Testing

@Suite struct DigestTests {
  private let ofABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  private func hash(_ bytes: [UInt8], with hasher: SHA256Hasher) -> String {
    hasher.hash(bytes.span).hex
  }

  private func read(_ bytes: [UInt8]) -> Digest256? { Digest256(bytes: bytes.span) }

  @Test func `A hasher gives the digests of FIPS 180 again and again`() {
    let hasher = SHA256Hasher()
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for _ in 0..<3 {
      #expect(hash([UInt8]("abc".utf8), with: hasher) == ofABC)
      #expect(hash([], with: hasher) == empty)
    }
    let million = hash([UInt8](repeating: 0x61, count: 1_000_000), with: hasher)
    #expect(million == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `A digest is read from hexadecimal of either case and from bytes`() throws {
    let digest = try #require(Digest256(hex: ofABC.uppercased()))
    #expect(digest.hex == ofABC)
    #expect(digest[0] == 0xBA)
    #expect(digest[31] == 0xAD)
    #expect(read(digest.bytes) == digest)
    var buffer = ByteBuffer()
    digest.write(hexInto: &buffer)
    #expect(buffer.count == 64)
    let again = Digest256(hex: buffer.readable)
    #expect(again == digest)
  }

  @Test(arguments: [0, 1, 63, 65]) func `A digest of another length is refused`(count: Int) {
    #expect(Digest256(hex: String(repeating: "a", count: count)) == nil)
    #expect(read([UInt8](repeating: 1, count: count)) == nil)
  }

  @Test func `A digest with a digit that is none is refused`() {
    #expect(Digest256(hex: "g" + ofABC.dropFirst()) == nil)
    #expect(Digest256(hex: ofABC.dropLast() + "\u{0}") == nil)
  }

  @Test func `Digests that differ in any one bit differ`() throws {
    let digest = try #require(Digest256(hex: ofABC))
    for bit in 0..<256 {
      var bytes = digest.bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      let other = try #require(read(bytes))
      #expect(!digest.constantTimeEquals(other))
      #expect(digest != other)
    }
    #expect(digest.constantTimeEquals(digest))
  }

  @Test func `An authentication code is that of RFC 4231`() throws {
    let code = try HMACSHA256(key: [UInt8](repeating: 0x0B, count: 20).span)
    let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    for _ in 0..<3 {
      let found = code.authenticate([UInt8]("Hi There".utf8).span).hex
      #expect(found == expected)
    }
    let other = try HMACSHA256(key: [UInt8]("Jefe".utf8).span)
    let found = other.authenticate([UInt8]("what do ya want for nothing?".utf8).span).hex
    #expect(
      found == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(throws: CryptoError.emptyKey) { try HMACSHA256(key: [UInt8]().span) }
  }

  @Test func `A checksum is that of the standard`() {
    let digits = CRC32.checksum([UInt8]("123456789".utf8).span)
    #expect(digits == 0xCBF4_3926)
    let nothing = CRC32.checksum([UInt8]().span)
    #expect(nothing == 0)
  }

  // SEC-03.
  @Test func `Spans are equal if all of their bytes are`() {
    func equals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
      ConstantTime.equals(left.span, right.span)
    }
    #expect(equals([1, 2, 3], [1, 2, 3]))
    #expect(!equals([1, 2, 3], [1, 2, 4]))
    #expect(!equals([1, 2, 3], [1, 2]))
    #expect(equals([], []))
  }

  // SEC-13.
  @Test func `Random bytes come in the number asked for and differ`() throws {
    #expect(try SecureRandom.bytes(0).isEmpty)
    let first = try SecureRandom.bytes(32)
    #expect(first.count == 32)
    #expect(try SecureRandom.bytes(32) != first)
    #expect(try SecureRandom.word() != SecureRandom.word())
  }
}
