import Base
import Runtime

/// The socket of a callback listener, or one connection to it.
final class CallbackChannel: Channel {
  private static let lineBytesMax = 4096
  private static let waitMilliseconds = 3_000

  private let paths: CallbackPaths
  private let isListening: Bool
  private var input = ByteBuffer()

  init(listening descriptor: Int32, _ paths: CallbackPaths) {
    self.paths = paths
    isListening = true
    super.init(descriptor: descriptor)
  }

  private init(connection descriptor: Int32, _ paths: CallbackPaths) {
    self.paths = paths
    isListening = false
    super.init(descriptor: descriptor)
  }

  override func ready(_ loop: EventLoop) { isListening ? accept(loop) : read(loop) }

  override func deadlinePassed(_ loop: EventLoop) { loop.close(self) }

  private func accept(_ loop: EventLoop) {
    while let (accepted, _) = try? Socket.accept(descriptor) {
      let connection = CallbackChannel(connection: accepted, paths)
      guard (try? loop.add(connection)) != nil else {
        Socket.close(accepted)
        continue
      }
      let deadline = loop.now.adding(milliseconds: CallbackChannel.waitMilliseconds)
      loop.setDeadline(deadline, of: connection)
    }
  }

  private func read(_ loop: EventLoop) {
    while isReadable {
      switch Socket.read(descriptor, into: &input, minimum: 1024) {
      case .bytes: break
      case .wouldBlock: isReadable = false
      case .end, .failed: return loop.close(self)
      }
      let content = input.storage[input.readIndex..<input.writeIndex]
      if let end = content.firstIndex(of: 0x0A) {
        paths.add(String(decoding: content[..<end], as: UTF8.self))
        var output = ByteBuffer()
        output.append("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
        _ = Socket.write(descriptor, from: &output)
        Socket.shutdownWrite(descriptor)
        return loop.close(self)
      }
      if content.count > CallbackChannel.lineBytesMax { return loop.close(self) }
    }
  }
}
