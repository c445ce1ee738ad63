import Base
import Crypto

@testable import TLS

/// Feeds bytes from a stranger to everything in TLS and Crypto that reads any: a server and a
/// client before their handshake, records after it, and PEM files.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Safety: the fuzzer's input is valid for its count during the call.
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard let first = bytes.first, let stage = Stage.shared else { return 0 }
  let rest = Array(bytes.dropFirst())
  switch first & 3 {
  case 0: stage.feed(try? TLSSession(server: stage.server), rest)
  case 1: stage.feed(stage.startedClient(), rest)
  case 2: stage.feed(stage.openServer(), rest)
  default: stage.read(rest)
  }
  return 0
}

/// Contexts that every run shares.
private final class Stage: Sendable {
  static let shared = try? Stage()

  let server: TLSServerContext
  let client: TLSClientContext

  init() throws {
    let now: Int64 = 1_790_000_000
    let authority = try DevelopmentAuthority(commonName: "Fuzz", nowUnixSeconds: now)
    let trust = try TrustStore(authorities: [authority.certificate])
    var settings = TLSServerSettings(certificates: [
      try authority.issue(names: ["a.test", "*.b.test"], nowUnixSeconds: now),
      try authority.issue(names: ["c.test"], nowUnixSeconds: now),
    ])
    settings.ticketKeys = try TicketKeyRing(now: Instant(nanoseconds: 0))
    settings.clientAuthentication = .optional(trust)
    server = try TLSServerContext(settings)
    client = try TLSClientContext(TLSClientSettings(verification: .insecure))
  }

  func startedClient() -> TLSSession? {
    let session = try? TLSSession(client: client, serverName: "a.test")
    var output = ByteBuffer()
    session?.start(output: &output)
    return session
  }

  /// A server session whose handshake is done.
  func openServer() -> TLSSession? {
    guard let server = try? TLSSession(server: server),
      let client = try? TLSSession(client: client, serverName: "c.test")
    else { return nil }
    var toServer = ByteBuffer()
    var toClient = ByteBuffer()
    var plaintext = ByteBuffer()
    client.start(output: &toServer)
    while !toServer.isEmpty || !toClient.isEmpty {
      _ = server.receive(
        &toServer, plaintext: &plaintext, plaintextLimit: 1, output: &toClient)
      _ = client.receive(
        &toClient, plaintext: &plaintext, plaintextLimit: 1, output: &toServer)
    }
    precondition(server.isOpen, "a handshake with nobody in between succeeds")
    return server
  }

  /// Hands `bytes` over in two parts; the first byte says where to cut.
  func feed(_ session: TLSSession?, _ bytes: [UInt8]) {
    guard let session, let first = bytes.first else { return }
    var plaintext = ByteBuffer()
    var output = ByteBuffer()
    let cut = min(Int(first), bytes.count)
    for part in [bytes[1..<max(1, cut)], bytes[max(1, cut)...]] {
      var input = ByteBuffer()
      input.append(Array(part))
      let progress = session.receive(
        &input, plaintext: &plaintext, plaintextLimit: 64, output: &output)
      precondition(plaintext.isEmpty, "nothing that was not sealed is let through")
      precondition(progress.failure == nil || input.isEmpty, "a failure takes all input")
    }
    _ = session.send([1, 2, 3].span, output: &output)
    session.close(output: &output)
    _ = session.receivedEOF()
    _ = session.peerCertificate?.dnsNames
  }

  func read(_ bytes: [UInt8]) {
    let name = ClientFingerprint.ja4(bytes.span)
    precondition(name.isEmpty || name.count == 36, "a fingerprint of another length")
    if let found = try? Certificate.all(pem: bytes.span) {
      for certificate in found {
        _ = (certificate.label, certificate.subject, certificate.dnsNames, certificate.ipAddresses)
        _ = (certificate.notBeforeUnixSeconds, certificate.notAfterUnixSeconds)
      }
    }
    _ = try? CertifiedKey(certificatePEM: bytes, keyPEM: bytes, nowUnixSeconds: 1_790_000_000)
  }
}
