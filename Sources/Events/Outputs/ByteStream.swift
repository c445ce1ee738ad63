import Base
import Runtime
import TLS

/// A connection that a thread writes to and waits for: TCP, or TLS over it.
final class ByteStream {
  /// How long the other side may take nothing, or not answer a handshake, in milliseconds.
  private static let milliseconds = 10_000

  private let descriptor: Int32
  private let session: TLSSession?
  private var input = ByteBuffer()
  private var output = ByteBuffer()
  /// What was said and not read as a line yet.
  private var said: [UInt8] = []

  /// A connection that was made; with TLS once its handshake is done.
  init(
    _ address: IPAddress, port: UInt16, tls: TLSClientContext?, serverName: String
  ) throws(OutletError) {
    let made: Int32
    do throws(SystemError) {
      made = try Socket.connectAndWait(
        address, port: port, milliseconds: ByteStream.milliseconds)
    } catch {
      throw OutletError("is not reached: \(error)")
    }
    descriptor = made
    do throws(TLSSettingsError) {
      session = try tls.map { context throws(TLSSettingsError) in
        try TLSSession(client: context, serverName: serverName)
      }
    } catch {
      throw OutletError("cannot speak TLS: \(error)")
    }
    if let session { try shakeHands(session) }
  }

  deinit {
    if let session {
      session.close(output: &output)
      _ = Socket.write(descriptor, from: &output)
    }
    Socket.close(descriptor)
  }

  /// Whether the other side has ended the connection; what it says otherwise is of no interest.
  var isClosedByPeer: Bool {
    while true {
      switch Socket.read(descriptor, into: &input, minimum: 4096) {
      case .end, .failed: return true
      case .wouldBlock: return false
      case .bytes:
        guard let session else {
          input.clear()
          continue
        }
        var nowhere = ByteBuffer()
        let progress = session.receive(
          &input, plaintext: &nowhere, plaintextLimit: 1 << 16, output: &output)
        if progress.failure != nil || progress.isClosedByPeer { return true }
      }
    }
  }

  /// The next line that the other side says, without its end; throws if none comes.
  func readLine(bytesMax: Int) throws(OutletError) -> [UInt8] {
    while true {
      if let end = said.firstIndex(of: UInt8(ascii: "\n")) {
        var line = Array(said[..<end])
        said.removeFirst(end + 1)
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      guard said.count < bytesMax else { throw OutletError("says lines that are too long") }
      guard Socket.wait(descriptor, forWriting: false, milliseconds: ByteStream.milliseconds)
      else { throw OutletError("does not answer") }
      switch Socket.read(descriptor, into: &input, minimum: 4096) {
      case .end, .failed: throw OutletError("has closed the connection")
      case .wouldBlock: continue
      case .bytes: break
      }
      if let session {
        var plain = ByteBuffer()
        let progress = session.receive(
          &input, plaintext: &plain, plaintextLimit: 1 << 16, output: &output)
        ByteStream.append(plain.readable, to: &said)
        if progress.failure != nil || progress.isClosedByPeer {
          throw OutletError("has ended TLS")
        }
        try flush()
      } else {
        ByteStream.append(input.readable, to: &said)
        input.clear()
      }
    }
  }

  private static func append(_ bytes: Span<UInt8>, to said: inout [UInt8]) {
    for place in bytes.indices { said.append(bytes[place]) }
  }

  /// Writes all of it, or throws.
  func write(_ bytes: [UInt8]) throws(OutletError) {
    var start = 0
    while start < bytes.count {
      let piece = bytes.span.extracting(start..<min(start + 16_384, bytes.count))
      if let session {
        guard session.send(piece, output: &output) == piece.count else {
          throw OutletError("has ended TLS")
        }
      } else {
        output.append(piece)
      }
      start += piece.count
      try flush()
    }
  }

  private func flush() throws(OutletError) {
    while !output.isEmpty {
      switch Socket.write(descriptor, from: &output) {
      case .bytes: continue
      case .end, .failed: throw OutletError("has closed the connection")
      case .wouldBlock:
        let canWrite = Socket.wait(
          descriptor, forWriting: true, milliseconds: ByteStream.milliseconds)
        if !canWrite { throw OutletError("takes nothing") }
      }
    }
  }

  private func shakeHands(_ session: TLSSession) throws(OutletError) {
    session.start(output: &output)
    var nowhere = ByteBuffer()
    while true {
      try flush()
      guard
        Socket.wait(descriptor, forWriting: false, milliseconds: ByteStream.milliseconds)
      else { throw OutletError("does not answer the TLS handshake") }
      switch Socket.read(descriptor, into: &input, minimum: 16_384) {
      case .end, .failed: throw OutletError("has closed the connection in the TLS handshake")
      case .wouldBlock: continue
      case .bytes: break
      }
      let progress = session.receive(
        &input, plaintext: &nowhere, plaintextLimit: 1 << 16, output: &output)
      if let failure = progress.failure {
        _ = Socket.write(descriptor, from: &output)
        throw OutletError("fails in the TLS handshake: \(failure)")
      }
      if progress.isHandshakeCompleted {
        try flush()
        return
      }
    }
  }
}
