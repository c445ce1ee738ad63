import Base
import Crypto
import Testing

@Suite struct KeyDerivationTests {
  // RFC 5869 §A.3.
  @Test func `HKDF makes the keys of the standard's example`() throws {
    let secret = [UInt8](repeating: 0x0B, count: 22)
    let key = try #require(KeyDerivation.hkdf(secret: secret, information: [], count: 42))
    let hex = key.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
    #expect(
      hex == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
        + "9d201395faa4b61a96c8")
  }
}
