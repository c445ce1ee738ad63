import Base
import COpenSSL
import Crypto
import Testing

@testable import TLS

@Suite struct RecordTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func open(_ version: Int32 = TLS1_3_VERSION) throws -> Duet {
    let client = try fixture.client()
    // Safety: the context is valid, and no session of it exists yet.
    _ = unsafe shim_SSL_CTX_set_max_proto_version(client.handle.pointer, version)
    let ring = try TicketKeyRing(now: Instant(nanoseconds: 0))
    var duet = try Duet(client, fixture.server { $0.ticketKeys = ring })
    duet.run()
    try #require(duet.isDone)
    return duet
  }

  @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
  func `Text arrives as it was sent, both ways`(version: Int32) throws {
    var duet = try open(version)
    #expect(duet.send(from: duet.client, [UInt8]("question".utf8)) == 8)
    #expect(duet.send(from: duet.server, [UInt8]("answer".utf8)) == 6)
    duet.pump()
    #expect(duet.serverPlaintext.text == "question")
    #expect(duet.clientPlaintext.text == "answer")
  }

  @Test func `Everything works one byte at a time`() throws {
    var duet = try Duet(fixture.client(), fixture.server())
    duet.step = 1
    duet.run()
    #expect(duet.isDone)
    _ = duet.send(from: duet.client, [UInt8](repeating: 7, count: 3_000))
    duet.pump()
    #expect(duet.serverPlaintext.count == 3_000)
  }

  @Test(arguments: [1, 100, 1_000, 16_384, 20_000])
  func `A mebibyte comes through a narrow limit whole`(limit: Int) throws {
    var duet = try open()
    let count = limit == 1 ? 5_000 : 1 << 20
    let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    #expect(duet.send(from: duet.client, data) == count)
    var received: [UInt8] = []
    var held = duet.toServer
    var plaintext = ByteBuffer()
    var progress = TLSProgress()
    repeat {
      progress = duet.server.receive(
        &held, plaintext: &plaintext, plaintextLimit: limit, output: &duet.toClient)
      #expect(plaintext.count <= limit)
      #expect(plaintext.capacity <= 32_768)
      received += plaintext.storage[plaintext.readIndex..<plaintext.writeIndex]
      plaintext.clear()
    } while progress.isPlaintextPending
    #expect(received == data)
    #expect(progress.failure == nil)
    #expect(held.isEmpty)
  }

  @Test func `With no room at all nothing is lost`() throws {
    var duet = try open()
    _ = duet.send(from: duet.client, [1, 2, 3])
    var plaintext = ByteBuffer()
    let none = duet.server.receive(
      &duet.toServer, plaintext: &plaintext, plaintextLimit: 0, output: &duet.toClient)
    #expect(none.isPlaintextPending)
    #expect(plaintext.isEmpty)
    let all = duet.server.receive(
      &duet.toServer, plaintext: &plaintext, plaintextLimit: 9, output: &duet.toClient)
    #expect(!all.isPlaintextPending)
    #expect(plaintext.count == 3)
  }

  @Test func `An end that was announced is told from one that was cut off`() throws {
    var announced = try open()
    announced.client.close(output: &announced.toServer)
    announced.client.close(output: &announced.toServer)
    #expect(!announced.client.isOpen)
    #expect(announced.send(from: announced.client, [1]) == 0)
    announced.pump()
    #expect(announced.isServerClosedByPeer)
    #expect(announced.server.receivedEOF() == nil)
    // The other direction stays open (RFC 8446 §6.1).
    #expect(announced.send(from: announced.server, [1]) == 1)

    let cut = try open()
    #expect(cut.server.receivedEOF()?.kind == .truncated)
    #expect(!cut.server.isOpen)
    let early = try TLSSession(server: fixture.server())
    #expect(early.receivedEOF()?.kind == .truncated)
  }

  @Test func `A damaged record is a failure for good`() throws {
    var duet = try open()
    _ = duet.send(from: duet.client, [UInt8](repeating: 1, count: 100))
    var bytes = duet.toServer.takeStorage()
    bytes[50] ^= 1
    duet.toServer.append(bytes.span)
    duet.pump()
    #expect(duet.serverFailure?.kind == .badRecord)
    #expect(duet.clientFailure?.alert == 20)
    #expect(!duet.server.isOpen)
    #expect(duet.send(from: duet.server, [1]) == 0)
    #expect(duet.server.receivedEOF()?.kind == .badRecord)
    #expect(duet.toClient.isEmpty)
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", TLSFailure.Kind.plainHTTP),
    ("SSH-2.0-OpenSSH_9.2\r\n", .notTLS),
    ("\u{16}\u{3}\u{1}\u{0}\u{5}aaaaa", .protocolViolation),
  ])
  func `What is no handshake is called by its name`(text: String, kind: TLSFailure.Kind) throws {
    let session = try TLSSession(server: fixture.server())
    var input = ByteBuffer()
    input.append(utf8: text)
    var plaintext = ByteBuffer()
    var output = ByteBuffer()
    let progress = session.receive(
      &input, plaintext: &plaintext, plaintextLimit: 100, output: &output)
    #expect(progress.failure?.kind == kind)
    #expect(input.isEmpty)
    #expect(plaintext.isEmpty)
  }

  // TLS-03.
  @Test func `Bytes at random end in failure and never in a crash`() throws {
    let context = try fixture.server()
    let client = try fixture.client()
    var hello = ByteBuffer()
    try TLSSession(client: client, serverName: "a.test").start(output: &hello)
    var seed: UInt64 = 7
    func next() -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33)
    }
    for round in 0..<3_000 {
      let session = try TLSSession(server: context)
      var bytes = Array(hello.storage[..<hello.writeIndex])
      for _ in 0...(round % 4) { bytes[next() % bytes.count] = UInt8(truncatingIfNeeded: next()) }
      bytes.removeLast(round % 7 == 0 ? next() % bytes.count : 0)
      if round % 5 == 0 { bytes += (0..<200).map { _ in UInt8(truncatingIfNeeded: next()) } }
      var input = ByteBuffer()
      input.append(bytes.span)
      var plaintext = ByteBuffer()
      var output = ByteBuffer()
      let progress = session.receive(
        &input, plaintext: &plaintext, plaintextLimit: 100, output: &output)
      #expect(!progress.isHandshakeCompleted)
      #expect(plaintext.isEmpty)
    }
  }

  @Test func `A handshake that never ends is cut off`() throws {
    let session = try TLSSession(server: fixture.server())
    var plaintext = ByteBuffer()
    var output = ByteBuffer()
    // Records of a single byte of a first message that claims to be long.
    var failure: TLSFailure?
    var sent = 0
    while failure == nil, sent < 1 << 20 {
      var input = ByteBuffer()
      let body: UInt8 = sent == 0 ? 1 : 0
      input.append([22, 3, 1, 0, 1, body])
      sent += 6
      failure =
        session.receive(
          &input, plaintext: &plaintext, plaintextLimit: 100, output: &output
        ).failure
    }
    #expect(failure != nil)
    #expect(sent < 128 * 1_024)
  }

  @Test func `Control records without end and without data are cut off`() throws {
    let client = try RawClient(fixture.client())
    let server = try TLSSession(server: fixture.server())
    var plaintext = ByteBuffer()
    var output = ByteBuffer()
    var failure: TLSFailure?
    func exchange() {
      var input = ByteBuffer()
      input.append(client.step().span)
      failure =
        server.receive(&input, plaintext: &plaintext, plaintextLimit: 100, output: &output).failure
      client.take(&output)
    }
    while !server.isOpen { exchange() }
    var count = 0
    while failure == nil, count < 10_000 {
      client.updateKeys()
      exchange()
      count += 1
    }
    #expect(failure?.kind == .tooMuchWithoutData)
    #expect(count > 1_000)
    #expect(plaintext.isEmpty)
  }

  // TLS-02.
  @Test func `A client cannot have a connection renegotiated`() throws {
    let context = try fixture.client()
    // Safety: the context is valid, and no session of it exists yet.
    _ = unsafe shim_SSL_CTX_set_max_proto_version(context.handle.pointer, TLS1_2_VERSION)
    _ = unsafe SSL_CTX_clear_options(context.handle.pointer, shim_SSL_OP_NO_RENEGOTIATION())
    let client = try RawClient(context)
    let server = try TLSSession(server: fixture.server())
    var plaintext = ByteBuffer()
    var output = ByteBuffer()
    var completed = 0
    for round in 0..<8 {
      if round == 4 { client.renegotiate() }
      var input = ByteBuffer()
      input.append(client.step().span)
      let progress = server.receive(
        &input, plaintext: &plaintext, plaintextLimit: 100, output: &output)
      if progress.isHandshakeCompleted { completed += 1 }
      client.take(&output)
    }
    #expect(completed == 1)
    #expect(client.isFailed)
  }
}
