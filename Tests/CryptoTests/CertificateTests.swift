import Base
import Crypto
import Testing

@Suite struct CertificateTests {
  private let now: Int64 = 1_790_000_000
  private let day: Int64 = 86_400

  private func authority() throws -> DevelopmentAuthority {
    try DevelopmentAuthority(commonName: "Test Authority", nowUnixSeconds: now)
  }

  private func all(_ pem: [UInt8]) throws -> [Certificate] { try Certificate.all(pem: pem.span) }

  private func privateKey(_ pem: [UInt8]) throws -> PrivateKey { try PrivateKey(pem: pem.span) }

  @Test func `An authority and what it issues say what they are`() throws {
    let authority = try authority()
    #expect(authority.certificate.commonName == "Test Authority")
    #expect(authority.certificate.notAfterUnixSeconds == now + 3_649 * day)
    let leaf = try authority.issue(
      names: ["API.example.com", "*.example.com", "127.0.0.1", "::1"], nowUnixSeconds: now)
    let certificate = leaf.certificate
    #expect(certificate.dnsNames == ["api.example.com", "*.example.com"])
    #expect(certificate.ipAddresses.map(\.description) == ["127.0.0.1", "::1"])
    #expect(certificate.commonName == "API.example.com")
    #expect(certificate.subject == "CN=API.example.com")
    #expect(certificate.notBeforeUnixSeconds == now - day)
    #expect(certificate.notAfterUnixSeconds == now - day + 365 * day)
  }

  @Test func `PEM texts are read back as what was written`() throws {
    let authority = try authority()
    let leaf = try authority.issue(names: ["a.test"], days: 3_000, nowUnixSeconds: now)
    #expect(leaf.certificate.notAfterUnixSeconds == now + 364 * day)
    let key = try leaf.privateKey.pem()
    #expect(String(decoding: key, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    let chain = leaf.certificate.pem + authority.certificate.pem
    let read = try CertifiedKey(certificatePEM: chain, keyPEM: key, nowUnixSeconds: now)
    #expect(read.certificate.fingerprint == leaf.certificate.fingerprint)
    #expect(read.intermediates.map(\.fingerprint) == [authority.certificate.fingerprint])
    let again = try DevelopmentAuthority(
      certificatePEM: authority.certificate.pem, keyPEM: authority.privateKey.pem(),
      nowUnixSeconds: now)
    #expect(again.certificate.fingerprint == authority.certificate.fingerprint)
  }

  @Test func `One file may hold both certificate and key`() throws {
    let leaf = try authority().issue(names: ["a.test"], nowUnixSeconds: now)
    let both = try leaf.privateKey.pem() + leaf.certificate.pem
    let read = try CertifiedKey(certificatePEM: both, keyPEM: both, nowUnixSeconds: now)
    #expect(read.certificate.label == "a.test")
  }

  @Test func `Each way in which a pair is unusable has its own error`() throws {
    let authority = try authority()
    let leaf = try authority.issue(names: ["a.test"], nowUnixSeconds: now)
    let (certificate, key) = (leaf.certificate.pem, try leaf.privateKey.pem())
    let other = try authority.issue(names: ["a.test"], nowUnixSeconds: now).privateKey.pem()
    func load(_ certificate: [UInt8], _ key: [UInt8], at time: Int64) -> CertificateError? {
      do {
        _ = try CertifiedKey(certificatePEM: certificate, keyPEM: key, nowUnixSeconds: time)
        return nil
      } catch { return error }
    }
    #expect(load(certificate, key, at: now) == nil)
    #expect(load([], key, at: now) == .notPEM(.certificate))
    #expect(load([0x30, 0x82, 1, 2, 0, 0xFF], key, at: now) == .notPEM(.certificate))
    #expect(load(certificate, [], at: now) == .notPEM(.privateKey))
    #expect(load(key, key, at: now) == .missing(.certificate))
    #expect(load(certificate, certificate, at: now) == .missing(.privateKey))
    #expect(load(certificate, other, at: now) == .keyMismatch(subject: "a.test"))
    #expect(
      load(authority.certificate.pem + certificate, key, at: now)
        == .keyMismatch(subject: "Test Authority"))
    let end = now + 364 * day
    #expect(load(certificate, key, at: end) == nil)
    #expect(
      load(certificate, key, at: end + 1)
        == .expired(subject: "a.test", notAfterUnixSeconds: end))
    #expect(
      load(certificate, key, at: now - 2 * day)
        == .notYetValid(subject: "a.test", notBeforeUnixSeconds: now - day))
    #expect(load([UInt8](repeating: 0x41, count: 1 << 21), key, at: now) == .tooLarge(.certificate))
    let many = (0..<17).flatMap { _ in certificate }
    #expect(load(many, key, at: now) == .tooLarge(.certificate))
  }

  @Test func `A damaged block is named by its number`() throws {
    let leaf = try authority().issue(names: ["a.test"], nowUnixSeconds: now)
    var damaged = leaf.certificate.pem
    for place in 60..<80 { damaged[place] = UInt8(ascii: "!") }
    #expect(throws: CertificateError.malformed(.certificate, number: 2)) {
      try all(leaf.certificate.pem + damaged)
    }
    #expect(throws: CertificateError.malformed(.certificate, number: 1)) {
      try all(Array(leaf.certificate.pem.dropLast(40)))
    }
    var key = try leaf.privateKey.pem()
    for place in 40..<60 { key[place] = UInt8(ascii: "!") }
    #expect(throws: CertificateError.malformed(.privateKey, number: 1)) {
      try privateKey(key)
    }
  }

  @Test(arguments: [
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGj\n-----END ENCRYPTED PRIVATE KEY-----\n",
    "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMIGj\n"
      + "-----END EC PRIVATE KEY-----\n",
  ])
  func `An encrypted key is refused without asking anybody`(text: String) {
    #expect(throws: CertificateError.encryptedKey) { try privateKey([UInt8](text.utf8)) }
  }

  @Test(arguments: [
    "", "a b", "a,DNS:evil.test", "-a.test", "a..b", "*.", "a.*.test", "x\u{0}.test",
  ])
  func `A name that is none is not put into a certificate`(name: String) throws {
    let authority = try authority()
    #expect(throws: CertificateError.invalidName(name)) {
      try authority.issue(names: [name], nowUnixSeconds: now)
    }
  }

  @Test func `Errors say what to do in words`() {
    let expired = CertificateError.expired(subject: "a.test", notAfterUnixSeconds: 951_782_400)
    #expect("\(expired)" == "the certificate a.test expired at 2000-02-29 00:00:00 UTC")
    let early = CertificateError.notYetValid(subject: "b", notBeforeUnixSeconds: -1)
    #expect("\(early)".contains("1969-12-31 23:59:59 UTC"))
    #expect("\(CertificateError.encryptedKey)".contains("openssl pkey"))
  }

  @Test func `Any damage to a file is an error and never a crash`() throws {
    let leaf = try authority().issue(names: ["a.test"], nowUnixSeconds: now)
    let whole = try leaf.certificate.pem + leaf.privateKey.pem()
    var seed: UInt64 = 1
    for _ in 0..<2_000 {
      var bytes = whole
      for _ in 0..<3 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(seed >> 33) % bytes.count] = UInt8(truncatingIfNeeded: seed >> 20)
      }
      if let read = try? all(bytes) {
        for certificate in read { _ = (certificate.label, certificate.dnsNames) }
      }
      _ = try? privateKey(bytes)
    }
  }
}
