import Base
import Runtime
import TLS
import Wire

/// A stream socket on a loop, in clear text or by TLS, with buffers that exist while they are used.
class StreamChannel: Channel {
  /// What a read came to.
  enum Fill { case some, none, end, failed }

  let worker: Worker
  // Of the worker's, and kept here as well: what is read through two objects is counted each time.
  final let loop: EventLoop
  final let blocks: BlockPool
  final var tls: TLSSession?
  // The buffers are moved out while something works on them, and back after: no access to them is
  // ever held over a call, which would have to be checked at run time.
  private final var input = ByteBuffer()
  private final var output = ByteBuffer()
  final var isEnded = false
  final var isBroken = false
  /// Why TLS failed, for the log.
  final var failure: StaticString = ""
  final var failureKind: TLSFailure.Kind?
  private final var cipherInput = ByteBuffer()
  private final var cipherOutput = ByteBuffer()
  private final var isPlaintextPending = false
  /// How large the input is made when there is none: smaller than a block where less is wanted.
  final var inputBytes = BlockPool.blockBytes

  init(descriptor: Int32, worker: Worker) {
    self.worker = worker
    loop = worker.loop
    blocks = worker.blocks
    super.init(descriptor: descriptor)
  }

  /// Whether TLS is spoken here.
  final var isSecure: Bool { tls != nil }

  /// How much plaintext was received and not yet used.
  final var inputCount: Int { input.count }

  /// How much plaintext waits to be written.
  final var outputCount: Int { output.count }

  /// Whether anything waits to be written.
  final var hasOutput: Bool { !output.isEmpty || !cipherOutput.isEmpty }

  // MARK: Reading

  /// Lets `body` use up plaintext that was received.
  @inline(__always)
  final func read<Result>(_ body: (inout ByteBuffer) -> Result) -> Result {
    var buffer = ByteBuffer()
    swap(&buffer, &input)
    let result = body(&buffer)
    swap(&buffer, &input)
    return result
  }

  /// Drops what was received; returns how much that was.
  final func dropInput() -> Int {
    let count = input.count
    read { $0.clear() }
    return count
  }

  /// Reads what is there into the input, as far as that has room.
  final func fill() -> Fill {
    if !mayFill { return isEnded ? .end : isBroken ? .failed : .none }
    if tls != nil { return fillThroughTLS() }
    return read { buffer in
      makeRoom(&buffer) ? receive(into: &buffer) : .none
    }
  }

  private final var mayFill: Bool { isReadable || isPlaintextPending }

  private final func receive(into buffer: inout ByteBuffer) -> Fill {
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
    var (plain, cipher, answer) = (ByteBuffer(), ByteBuffer(), ByteBuffer())
    swap(&plain, &input)
    swap(&cipher, &cipherInput)
    swap(&answer, &cipherOutput)
    let before = plain.count
    var outcome = Fill.some
    var progress = TLSProgress()
    if makeRoom(&plain) {
      if !isPlaintextPending { outcome = fetch(&cipher) }
      if outcome != .none || !cipher.isEmpty {
        progress = session.receive(
          &cipher, plaintext: &plain, plaintextLimit: plain.capacity, output: &answer)
        isPlaintextPending = progress.isPlaintextPending
      }
    } else {
      outcome = .none
    }
    let count = plain.count
    if cipher.isEmpty, cipher.capacity > 0 { blocks.give(cipher.takeStorage()) }
    swap(&plain, &input)
    swap(&cipher, &cipherInput)
    swap(&answer, &cipherOutput)
    return filled(progress, outcome, gained: count > before)
  }

  private final func makeRoom(_ plain: inout ByteBuffer) -> Bool {
    if plain.capacity == 0 {
      plain =
        inputBytes < BlockPool.blockBytes
        ? ByteBuffer(capacity: inputBytes) : ByteBuffer(reusing: blocks.take())
    }
    if plain.writableCount > 0 { return true }
    if plain.readIndex == 0, plain.capacity >= BlockPool.blockBytes { return false }
    plain.reserve(1)
    return true
  }

  private final func fetch(_ cipher: inout ByteBuffer) -> Fill {
    if cipher.capacity == 0 { cipher = ByteBuffer(reusing: blocks.take()) }
    if cipher.writableCount == 0 { cipher.reserve(BlockPool.blockBytes / 2) }
    return receive(into: &cipher)
  }

  private final func filled(_ progress: TLSProgress, _ outcome: Fill, gained: Bool) -> Fill {
    if !cipherOutput.isEmpty { flushCipher() }
    if let failed = progress.failure {
      (failure, failureKind) = (failed.summary, failed.kind)
      isBroken = true
      return .failed
    }
    if progress.isHandshakeCompleted { handshakeCompleted() }
    if progress.isClosedByPeer { isEnded = true }
    if gained { return .some }
    if isEnded { return .end }
    return outcome == .some && isReadable ? fill() : outcome == .some ? .none : outcome
  }

  /// Called once the handshake is over.
  func handshakeCompleted() {}

  // MARK: Writing

  /// Lets `body` append to what is to be sent.
  @inline(__always)
  final func write<Result>(_ body: (inout ByteBuffer) -> Result) -> Result {
    var buffer = ByteBuffer()
    swap(&buffer, &output)
    if buffer.capacity == 0 { buffer = ByteBuffer(reusing: blocks.take()) }
    let result = body(&buffer)
    swap(&buffer, &output)
    return result
  }

  /// Writes what waits, as far as it goes; true when nothing is left.
  @discardableResult
  final func flush() -> Bool {
    if isBroken { return false }
    if let session = tls { return flush(through: session) }
    if output.isEmpty {
      releaseOutput()
      return true
    }
    var buffer = ByteBuffer()
    swap(&buffer, &output)
    let isDone = transmit(&buffer)
    swap(&buffer, &output)
    if isDone { releaseOutput() }
    return isDone
  }

  /// Writes a buffer's content, as far as it goes; true when nothing is left.
  private final func transmit(_ buffer: inout ByteBuffer) -> Bool {
    while !buffer.isEmpty {
      guard isWritable else { return false }
      switch Socket.write(descriptor, from: &buffer) {
      case .bytes: if !buffer.isEmpty { isWritable = false }
      case .failed:
        isBroken = true
        return false
      default: isWritable = false
      }
    }
    return true
  }

  private final func flush(through session: TLSSession) -> Bool {
    // What is sealed waits for room before more is sealed: a slow reader must not pile it up.
    if !cipherOutput.isEmpty {
      flushCipher()
      if !cipherOutput.isEmpty { return false }
    }
    if !output.isEmpty {
      var (plain, cipher) = (ByteBuffer(), ByteBuffer())
      swap(&plain, &output)
      swap(&cipher, &cipherOutput)
      if cipher.capacity == 0 { cipher = ByteBuffer(reusing: blocks.take()) }
      let taken = session.send(plain.readable, output: &cipher)
      plain.consume(taken)
      swap(&plain, &output)
      swap(&cipher, &cipherOutput)
      releaseOutput()
    }
    return flushCipher()
  }

  @discardableResult
  private final func flushCipher() -> Bool {
    var buffer = ByteBuffer()
    swap(&buffer, &cipherOutput)
    let isDone = transmit(&buffer)
    if isDone, buffer.capacity > 0 { blocks.give(buffer.takeStorage()) }
    swap(&buffer, &cipherOutput)
    return isDone && output.isEmpty
  }

  private final func releaseOutput() {
    if output.isEmpty && output.capacity > 0 { blocks.give(write { $0.takeStorage() }) }
  }

  /// Sends content: large pieces straight from where they lie, small ones through the output.
  ///
  /// Returns how many bytes it took; less than all of them means that the other side is slow.
  final func send(content: Span<UInt8>) -> Int {
    if tls == nil, content.count >= 16 * 1024 { return sendDirectly(content) }
    if output.count + content.count > BlockPool.blockBytes { flush() }
    return write { buffer in
      let room = min(content.count, BlockPool.blockBytes - 512 - buffer.count)
      if room <= 0 { return 0 }
      buffer.append(content.extracting(first: room))
      return room
    }
  }

  private final func sendDirectly(_ content: Span<UInt8>) -> Int {
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

  /// Sends content as one chunk (RFC 9112 §7.1), or as much of it as there is room for.
  final func send(chunk content: Span<UInt8>) -> Int {
    if output.count + content.count + 64 > BlockPool.blockBytes { flush() }
    return write { buffer in
      let room = min(content.count, BlockPool.blockBytes - 512 - buffer.count)
      if room <= 0 { return 0 }
      HeadWriter.chunk(room, into: &buffer)
      buffer.append(content.extracting(first: room))
      HeadWriter.chunkEnd(into: &buffer)
      return room
    }
  }

  /// Begins TLS as a client.
  final func startTLS(_ session: TLSSession) {
    tls = session
    var cipher = ByteBuffer(reusing: blocks.take())
    let progress = session.start(output: &cipher)
    cipherOutput = cipher
    if let failed = progress.failure {
      failure = failed.summary
      isBroken = true
    }
    flushCipher()
  }

  /// Says goodbye by TLS, if that is spoken here.
  final func closeTLS() {
    guard let session = tls, session.isOpen, !isBroken else { return }
    var cipher = ByteBuffer()
    swap(&cipher, &cipherOutput)
    session.close(output: &cipher)
    swap(&cipher, &cipherOutput)
    flushCipher()
  }

  /// Gives idle memory back.
  final func releaseInput() { read { giveBack(&$0) } }

  /// Gives a buffer's memory back if nothing is in it.
  @inline(__always)
  final func giveBack(_ buffer: inout ByteBuffer) {
    if buffer.isEmpty && buffer.capacity > 0 { blocks.give(buffer.takeStorage()) }
  }

  /// Gives all memory back; for a channel that is being closed.
  final func releaseAll() {
    // The timer wheel may hold a closed channel until its tick comes: not its TLS state.
    tls = nil
    let (plain, cipher) = (read { $0.takeStorage() }, write { $0.takeStorage() })
    blocks.give(plain)
    blocks.give(cipher)
    var others = (ByteBuffer(), ByteBuffer())
    swap(&others.0, &cipherInput)
    swap(&others.1, &cipherOutput)
    blocks.give(others.0.takeStorage())
    blocks.give(others.1.takeStorage())
  }
}
