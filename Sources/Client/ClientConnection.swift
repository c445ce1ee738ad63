import Base
import Runtime
import TLS

/// A connection of a client: one exchange at a time.
final class ClientConnection: Channel {
  private enum Phase { case connecting, handshake, idle, exchange }

  private static let blockBytes = 16 * 1024

  let origin: ClientOrigin
  private unowned let owner: ClientLoop
  private var exchange: ClientExchange?
  private var otherAddresses: ArraySlice<IPAddress>
  private var phase = Phase.connecting
  private var isReused = false
  private var hasReceived = false
  private var isEnded = false
  private var tls: TLSSession?
  private var input = ByteBuffer()
  private var output = ByteBuffer()
  private var cipherInput = ByteBuffer()
  private var cipherOutput = ByteBuffer()

  init(
    descriptor: Int32, _ exchange: ClientExchange, _ otherAddresses: ArraySlice<IPAddress>,
    owner: ClientLoop
  ) {
    origin = exchange.request.origin
    self.exchange = exchange
    self.otherAddresses = otherAddresses
    self.owner = owner
    super.init(descriptor: descriptor)
  }

  /// Takes on another exchange.
  func begin(_ exchange: ClientExchange) {
    self.exchange = exchange
    isReused = true
    hasReceived = false
    send(exchange)
  }

  /// Fails the exchange since the client goes.
  func abandon() { finish(.closed) }

  override func ready(_ loop: EventLoop) {
    if phase == .connecting {
      guard isWritable || isHungUp else { return }
      connected()
    }
    if descriptor < 0 { return }
    if isWritable, phase != .connecting, !flush() { return fail(.cut) }
    if phase != .connecting { read() }
  }

  override func deadlinePassed(_ loop: EventLoop) {
    guard let exchange else { return close() }
    if exchange.deadline > loop.now { return loop.setDeadline(exchange.deadline, of: self) }
    finish(.timedOut(exchange.phase))
  }

  // MARK: Connecting

  private func connected() {
    if Socket.error(descriptor) != 0 || !isWritable { return unreachable() }
    guard origin.isSecure else {
      if let exchange { send(exchange) }
      return
    }
    guard let context = owner.secure(),
      let session = try? TLSSession(client: context, serverName: origin.host.text)
    else { return fail(.insecure("no settings for it")) }
    phase = .handshake
    tls = session
    let progress = session.start(output: &cipherOutput)
    if let failure = progress.failure { return fail(.insecure("\(failure.summary)")) }
    if !flush() { fail(.cut) }
  }

  private func unreachable() {
    guard let exchange else { return close() }
    self.exchange = nil
    close(keepingPlace: true)
    owner.next(exchange, otherAddresses)
  }

  // MARK: Writing

  private func send(_ exchange: ClientExchange) {
    if exchange.request.onlyConnects {
      self.exchange = nil
      exchange.connected()
      return close()
    }
    phase = .exchange
    exchange.write(into: &output)
    Socket.acknowledgeAtOnce(descriptor)
    if !flush() { return fail(.cut) }
    owner.loop.setDeadline(exchange.deadline, of: self)
  }

  /// Writes what waits as far as it goes; false if the connection is broken.
  private func flush() -> Bool {
    if let tls, phase == .exchange, !output.isEmpty {
      let taken = tls.send(output.readable, output: &cipherOutput)
      output.consume(taken)
    }
    if tls != nil { return transmit(&cipherOutput) }
    return phase == .exchange ? transmit(&output) : true
  }

  private func transmit(_ buffer: inout ByteBuffer) -> Bool {
    while !buffer.isEmpty, isWritable {
      switch Socket.write(descriptor, from: &buffer) {
      case .bytes: break
      case .wouldBlock, .end: isWritable = false
      case .failed: return isReadable
      }
    }
    return true
  }

  // MARK: Reading

  private func read() {
    while descriptor >= 0, isReadable {
      let count: Int
      switch fetch() {
      case .bytes(let got):
        count = got
        Socket.acknowledgeAtOnce(descriptor)
      case .wouldBlock:
        isReadable = false
        return
      case .end, .failed:
        isEnded = true
        isReadable = false
        count = 0
      }
      if tls != nil {
        if let failure = decrypt(count) { return fail(.insecure(failure)) }
      }
      use()
      if isEnded { return ended() }
    }
  }

  private func fetch() -> Socket.Outcome {
    tls == nil
      ? Socket.read(descriptor, into: &input, minimum: ClientConnection.blockBytes)
      : Socket.read(descriptor, into: &cipherInput, minimum: ClientConnection.blockBytes)
  }

  /// Decrypts what came; returns why TLS failed.
  private func decrypt(_ count: Int) -> String? {
    guard let tls, count > 0 else { return nil }
    var isMore = true
    while isMore {
      let limit = input.count + 4 * ClientConnection.blockBytes
      let progress = tls.receive(
        &cipherInput, plaintext: &input, plaintextLimit: limit, output: &cipherOutput)
      isMore = progress.isPlaintextPending
      if let failure = progress.failure {
        _ = transmit(&cipherOutput)
        return "\(failure.summary)"
      }
      if progress.isClosedByPeer { isEnded = true }
      if progress.isHandshakeCompleted, let exchange { send(exchange) }
      if isMore { use() }
    }
    return transmit(&cipherOutput) ? nil : "the connection broke"
  }

  private func use() {
    guard descriptor >= 0, !input.isEmpty else { return }
    // Nobody asked: whatever this is, it must not be read as the next response.
    guard phase == .exchange, let exchange else { return close() }
    hasReceived = true
    do throws(ClientError) {
      let isComplete = try exchange.receive(&input, &output)
      if !output.isEmpty, !flush() { return fail(.cut) }
      if isComplete { complete(exchange) }
    } catch { finish(error) }
    // The one that is complete may have made room for another, which has a deadline of its own.
    if descriptor >= 0, let next = self.exchange { owner.loop.setDeadline(next.deadline, of: self) }
  }

  private func complete(_ exchange: ClientExchange) {
    self.exchange = nil
    phase = .idle
    let isClean = input.isEmpty && output.isEmpty && !isEnded && !isHungUp
    exchange.succeed()
    if !(isClean && exchange.keepsAlive && owner.keep(self, for: exchange)) { close() }
  }

  private func ended() {
    guard descriptor >= 0 else { return }
    if let exchange, phase == .exchange, exchange.endsByClose {
      // By TLS an end without close_notify may be a cut made by somebody else.
      if tls == nil || tls?.receivedEOF() == nil { return complete(exchange) }
    }
    exchange == nil ? close() : fail(.cut)
  }

  // MARK: Ending

  private func fail(_ error: ClientError) {
    guard let exchange else { return close() }
    if isReused, !hasReceived, exchange.mayRepeat, error == .cut {
      self.exchange = nil
      close()
      return owner.restart(exchange)
    }
    finish(error)
  }

  private func finish(_ error: ClientError) {
    let failed = exchange
    exchange = nil
    close()
    failed?.fail(error)
  }

  private func close(keepingPlace: Bool = false) {
    if descriptor < 0 { return }
    if let tls, tls.isOpen {
      tls.close(output: &cipherOutput)
      _ = transmit(&cipherOutput)
    }
    tls = nil
    owner.loop.close(self)
    owner.forget(self, keepingPlace: keepingPlace)
  }
}
