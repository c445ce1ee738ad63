import Base
import Crypto
import Foundation
import Testing

@testable import TLS

/// A client and a server session whose records are carried from one to the other in memory.
struct Duet {
  let client: TLSSession
  let server: TLSSession
  var toServer = ByteBuffer()
  var toClient = ByteBuffer()
  var clientPlaintext = ByteBuffer()
  var serverPlaintext = ByteBuffer()
  var clientFailure: TLSFailure?
  var serverFailure: TLSFailure?
  var isClientDone = false
  var isServerDone = false
  var isClientClosedByPeer = false
  var isServerClosedByPeer = false
  /// How many bytes are carried at a time.
  var step = Int.max
  var plaintextLimit = 1 << 24

  init(_ client: TLSClientContext, _ server: TLSServerContext, name: String = "a.test") throws {
    self.client = try TLSSession(client: client, serverName: name)
    self.server = try TLSSession(server: server)
  }

  /// Carries records until neither side has anything to say.
  mutating func run() {
    client.start(output: &toServer)
    pump()
  }

  mutating func pump() {
    var clientHeld = ByteBuffer()
    var serverHeld = ByteBuffer()
    while !toServer.isEmpty || !toClient.isEmpty {
      while !toServer.isEmpty {
        Duet.move(&toServer, &serverHeld, step)
        let progress = server.receive(
          &serverHeld, plaintext: &serverPlaintext, plaintextLimit: plaintextLimit,
          output: &toClient)
        if progress.isHandshakeCompleted { isServerDone = true }
        if progress.isClosedByPeer { isServerClosedByPeer = true }
        if let failure = progress.failure { serverFailure = failure }
      }
      while !toClient.isEmpty {
        Duet.move(&toClient, &clientHeld, step)
        let progress = client.receive(
          &clientHeld, plaintext: &clientPlaintext, plaintextLimit: plaintextLimit,
          output: &toServer)
        if progress.isHandshakeCompleted { isClientDone = true }
        if progress.isClosedByPeer { isClientClosedByPeer = true }
        if let failure = progress.failure { clientFailure = failure }
      }
    }
  }

  static func move(_ from: inout ByteBuffer, _ to: inout ByteBuffer, _ count: Int) {
    let count = min(count, from.count)
    to.append(from.readable.extracting(first: count))
    from.consume(count)
  }

  /// Has one of the two encrypt `bytes`, and puts the records on the way to the other.
  mutating func send(from session: TLSSession, _ bytes: [UInt8]) -> Int {
    session === client
      ? client.send(bytes.span, output: &toServer) : server.send(bytes.span, output: &toClient)
  }

  var isDone: Bool {
    isClientDone && isServerDone && clientFailure == nil && serverFailure == nil
  }
}

/// An authority of the tests, and contexts made with it.
struct Fixture {
  let authority: DevelopmentAuthority
  let now: Int64

  init() throws {
    now = Int64(Date().timeIntervalSince1970)
    authority = try DevelopmentAuthority(commonName: "Test Authority", nowUnixSeconds: now)
  }

  var trust: TrustStore { get throws { try TrustStore(authorities: [authority.certificate]) } }

  func key(
    _ names: String..., purpose: CertificatePurpose = .server
  ) throws -> CertifiedKey {
    try authority.issue(names: names, purpose: purpose, nowUnixSeconds: now)
  }

  func server(
    _ keys: [CertifiedKey]? = nil, _ adjust: (inout TLSServerSettings) throws -> Void = { _ in }
  ) throws -> TLSServerContext {
    var settings = TLSServerSettings(certificates: try keys ?? [key("a.test", "127.0.0.1")])
    try adjust(&settings)
    return try TLSServerContext(settings)
  }

  func client(
    _ adjust: (inout TLSClientSettings) throws -> Void = { _ in }
  ) throws -> TLSClientContext {
    var settings = TLSClientSettings(verification: .full(try trust))
    try adjust(&settings)
    return try TLSClientContext(settings)
  }
}

extension Duet: CustomTestStringConvertible {
  var testDescription: String {
    "client: \(clientFailure?.description ?? "well"), "
      + "server: \(serverFailure?.description ?? "well")"
  }
}

extension ByteBuffer {
  var text: String { String(decoding: storage[readIndex..<writeIndex], as: UTF8.self) }
}
