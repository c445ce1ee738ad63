import Crypto
import Testing

struct OneTimePasswordTests {
  /// RFC 4226 appendix D.
  @Test func `The passwords by counter are those of RFC 4226`() {
    let password = OneTimePassword(secret: Array("12345678901234567890".utf8))
    let codes = [
      "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
      "520489",
    ]
    #expect((0..<10).map { password.code(counter: $0) } == codes)
  }

  /// RFC 6238 appendix B, with the seeds of its erratum.
  @Test(arguments: [
    (20, OneTimePassword.Hash.sha1, ["94287082", "07081804", "14050471", "89005924", "69279037"]),
    (32, .sha256, ["46119246", "68084774", "67062674", "91819424", "90698825"]),
    (64, .sha512, ["90693936", "25091201", "99943326", "93441116", "38618901"]),
  ])
  func `The passwords by time are those of RFC 6238`(
    _ count: Int, _ hash: OneTimePassword.Hash, _ codes: [String]
  ) {
    let seed = Array(
      String(repeating: "1234567890", count: 7).utf8.prefix(count))
    let password = OneTimePassword(secret: seed, digits: 8, hash: hash)
    let times: [UInt64] = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000]
    #expect(times.map { password.code(counter: $0 / 30) } == codes)
  }

  @Test func `A password counts one step early or late, and no more`() {
    let password = OneTimePassword(secret: Array("12345678901234567890".utf8))
    let code = password.code(counter: 40_000_000)
    let time = 40_000_000 * 30
    #expect(password.step(of: code, atUnixSeconds: time) == 40_000_000)
    #expect(password.step(of: code, atUnixSeconds: time - 1) == 40_000_000)
    #expect(password.step(of: code, atUnixSeconds: time + 59) == 40_000_000)
    #expect(password.step(of: code, atUnixSeconds: time + 60) == nil)
    #expect(password.step(of: code, atUnixSeconds: time - 31) == nil)
    #expect(password.step(of: "", atUnixSeconds: time) == nil)
    #expect(password.step(of: code + "0", atUnixSeconds: time) == nil)
  }
}
