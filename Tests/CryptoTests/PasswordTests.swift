import Base
import Crypto
import Testing

@Suite struct PasswordTests {
  /// Of the reference implementation's own tests (phc-winner-argon2, src/test.c).
  @Test func `A hash that others made is understood`() throws {
    let text =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    let hash = try #require(PasswordHash(text))
    #expect(hash.matches("password"))
    #expect(!hash.matches("Password"))
    #expect(hash.isOutdated())
  }

  @Test func `A password matches its hash alone`() throws {
    let cost = Argon2id(memoryKibibytes: 64, passes: 1, lanes: 1)
    let hash = try PasswordHash(of: "correct horse", cost: cost)
    #expect(hash.matches("correct horse"))
    for wrong in ["", "correct hors", "correct horse ", "Correct horse"] {
      #expect(!hash.matches(wrong))
    }
    #expect(try PasswordHash(of: "correct horse", cost: cost) != hash)
    #expect(PasswordHash(hash.text) == hash)
    #expect(!hash.isOutdated(against: cost))
  }

  @Test(arguments: [
    "", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$t=2,m=65536,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=65536,t=2,p=1$c29t$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFh", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ",
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbH%$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  ])
  func `What is no such hash is refused`(text: String) { #expect(PasswordHash(text) == nil) }

  /// RFC 4231 §4.2 to §4.4 and §4.7.
  @Test func `Keyed hashes are HMAC`() throws {
    func code(_ key: [UInt8], _ text: [UInt8]) -> String {
      KeyedHasher(key: SymmetricKey(key)).hash(text.span).hex
    }
    #expect(
      code([UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      code(Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      code([UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50))
        == "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")
    #expect(
      code(
        [UInt8](repeating: 0xAA, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    let digest = SHA256Hasher().hash("x".utf8.span)
    let hasher = KeyedHasher(key: SymmetricKey([1, 2, 3]))
    #expect(hasher.hash(digest) == hasher.hash(digest.bytes.span))
  }
}
