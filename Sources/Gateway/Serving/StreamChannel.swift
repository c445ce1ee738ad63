import Base
import Runtime
import TLS
import Wire

/// A stream socket on a loop, in clear text or by TLS, with buffers that exist while they are used.
class StreamChannel: Channel {
  /// What a read came to.
  enum Fill { case some, none, end, failed }

  let worker: Worker
  final var tls: TLSSession?
  /// Plaintext that was received and not yet used.
  final var input = ByteBuffer()
  /// Plaintext that is still to be sent.
  final var output = ByteBuffer()
  final var isEnded = false
  final var isBroken = false
  /// Why TLS failed, for the log.
  final var failure: StaticString = ""
  private final var cipherInput = ByteBuffer()
  private final var cipherOutput = ByteBuffer()
  private final var isPlaintextPending = false

  init(descriptor: Int32, worker: Worker) {
    self.worker = worker
    super.init(descriptor: descriptor)
  }

  /// Whether anything waits to be written.
  final var hasOutput: Bool { !output.isEmpty || !cipherOutput.isEmpty }

  // MARK: Reading

  /// Reads what is there into `input`, as far as that has room.
  final func fill() -> Fill {
    if !isReadable && !isPlaintextPending { return isEnded ? .end : isBroken ? .failed : .none }
    if input.capacity == 0 { input = ByteBuffer(reusing: worker.blocks.take()) }
    if input.writableCount == 0 {
      if input.readIndex == 0 { return .none }
      input.reserve(1)
    }
    return tls == nil ? read(into: &input) : fillThroughTLS()
  }

  private final func read(into buffer: inout ByteBuffer) -> Fill {
    let room = buffer.writableCount
    switch Socket.read(descriptor, into: &buffer, minimum: 1) {
    case .bytes(let count):
      // Less than there was room for: the socket is drained, and the next edge will tell.
      if count < room && !isHungUp { isReadable = false }
      return .some
    case .wouldBlock:
      isReadable = false
      return .none
    case .end:
      isReadable = false
      isEnded = true
      return .end
    case .failed:
      isReadable = false
      isBroken = true
      return .failed
    }
  }

  private final func fillThroughTLS() -> Fill {
    guard let session = tls else { return .failed }
    let before = input.count
    var outcome = Fill.some
    if !isPlaintextPending {
      var cipher = takeCipherInput()
      if cipher.writableCount == 0 { cipher.reserve(BlockPool.blockBytes / 2) }
      outcome = read(into: &cipher)
      cipherInput = cipher
      if outcome == .none && cipherInput.isEmpty {
        releaseCipherInput()
        return .none
      }
    }
    let progress = session.receive(
      &cipherInput, plaintext: &input, plaintextLimit: input.capacity, output: &cipherOutput)
    isPlaintextPending = progress.isPlaintextPending
    releaseCipherInput()
    if !cipherOutput.isEmpty { flushCipher() }
    if let failed = progress.failure {
      failure = failed.summary
      isBroken = true
      return .failed
    }
    if progress.isHandshakeCompleted { handshakeCompleted() }
    if progress.isClosedByPeer { isEnded = true }
    if input.count > before { return .some }
    if isEnded { return .end }
    return outcome == .some && isReadable ? fill() : outcome == .some ? .none : outcome
  }

  private final func takeCipherInput() -> ByteBuffer {
    var taken = ByteBuffer()
    swap(&taken, &cipherInput)
    return taken.capacity == 0 ? ByteBuffer(reusing: worker.blocks.take()) : taken
  }

  private final func releaseCipherInput() {
    if cipherInput.isEmpty && cipherInput.capacity > 0 {
      worker.blocks.give(cipherInput.takeStorage())
    }
  }

  /// Called once the handshake is over.
  func handshakeCompleted() {}

  // MARK: Writing

  /// Gives `output` room; everything that appends to it calls this first.
  final func openOutput() {
    if output.capacity == 0 { output = ByteBuffer(reusing: worker.blocks.take()) }
  }

  /// Writes what waits, as far as it goes; true when nothing is left.
  @discardableResult
  final func flush() -> Bool {
    if isBroken { return false }
    if let session = tls { return flush(through: session) }
    while !output.isEmpty {
      guard isWritable else { return false }
      switch Socket.write(descriptor, from: &output) {
      case .bytes: if !output.isEmpty { isWritable = false }
      case .failed:
        isBroken = true
        return false
      default: isWritable = false
      }
    }
    releaseOutput()
    return true
  }

  private final func flush(through session: TLSSession) -> Bool {
    if !output.isEmpty {
      var plain = ByteBuffer()
      swap(&plain, &output)
      openCipherOutput()
      let taken = session.send(plain.readable, output: &cipherOutput)
      plain.consume(taken)
      swap(&plain, &output)
      releaseOutput()
    }
    return flushCipher()
  }

  @discardableResult
  private final func flushCipher() -> Bool {
    while !cipherOutput.isEmpty {
      guard isWritable else { return false }
      switch Socket.write(descriptor, from: &cipherOutput) {
      case .bytes: if !cipherOutput.isEmpty { isWritable = false }
      case .failed:
        isBroken = true
        return false
      default: isWritable = false
      }
    }
    if cipherOutput.capacity > 0 { worker.blocks.give(cipherOutput.takeStorage()) }
    return output.isEmpty
  }

  private final func openCipherOutput() {
    if cipherOutput.capacity == 0 { cipherOutput = ByteBuffer(reusing: worker.blocks.take()) }
  }

  private final func releaseOutput() {
    if output.isEmpty && output.capacity > 0 { worker.blocks.give(output.takeStorage()) }
  }

  /// Sends content: large pieces straight from where they lie, small ones through `output`.
  ///
  /// Returns how many bytes it took; less than all of them means that the other side is slow.
  final func send(content: Span<UInt8>) -> Int {
    if tls == nil, content.count >= 16 * 1024 {
      if !output.isEmpty, !flush() { return 0 }
      guard isWritable, !isBroken else { return 0 }
      switch Socket.write(descriptor, content) {
      case .bytes(let count):
        if count < content.count { isWritable = false }
        return count
      case .failed:
        isBroken = true
        return 0
      default:
        isWritable = false
        return 0
      }
    }
    openOutput()
    if output.count + content.count > BlockPool.blockBytes {
      flush()
      openOutput()
    }
    let room = min(content.count, BlockPool.blockBytes - 512 - output.count)
    if room <= 0 { return 0 }
    output.append(content.extracting(first: room))
    return room
  }

  /// Sends content as one chunk (RFC 9112 §7.1), or as much of it as there is room for.
  final func send(chunk content: Span<UInt8>) -> Int {
    openOutput()
    if output.count + content.count + 64 > BlockPool.blockBytes {
      flush()
      openOutput()
    }
    let room = min(content.count, BlockPool.blockBytes - 512 - output.count)
    if room <= 0 { return 0 }
    HeadWriter.chunk(room, into: &output)
    output.append(content.extracting(first: room))
    HeadWriter.chunkEnd(into: &output)
    return room
  }

  /// Begins TLS as a client.
  final func startTLS(_ session: TLSSession) {
    tls = session
    openCipherOutput()
    let progress = session.start(output: &cipherOutput)
    if let failed = progress.failure {
      failure = failed.summary
      isBroken = true
    }
    flushCipher()
  }

  /// Says goodbye by TLS, if that is spoken here.
  final func closeTLS() {
    guard let session = tls, session.isOpen, !isBroken else { return }
    openCipherOutput()
    session.close(output: &cipherOutput)
    flushCipher()
  }

  /// Gives idle memory back.
  final func releaseInput() {
    if input.isEmpty && input.capacity > 0 { worker.blocks.give(input.takeStorage()) }
  }

  /// Gives all memory back; for a channel that is being closed.
  final func releaseAll() {
    // The timer wheel may hold a closed channel until its tick comes: not its TLS state.
    tls = nil
    input.clear()
    output.clear()
    cipherInput.clear()
    cipherOutput.clear()
    releaseInput()
    releaseOutput()
    releaseCipherInput()
    if cipherOutput.capacity > 0 { worker.blocks.give(cipherOutput.takeStorage()) }
  }
}
