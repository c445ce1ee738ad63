import Base
import Runtime
import Telemetry
import Wire

/// A connection whose balancer has yet to say whose it is.
///
/// It looks at the bytes and takes the header alone away, so that the connection that follows
/// begins as if there had been none.
final class ProxyHeaderChannel: Channel {
  private let listener: Listener
  private let peer: IPAddress

  init(descriptor: Int32, listener: Listener, peer: IPAddress) {
    self.listener = listener
    self.peer = peer
    super.init(descriptor: descriptor)
  }

  override func ready(_ loop: EventLoop) {
    var buffer = ByteBuffer(capacity: ProxyHeader.bytesMax)
    switch Socket.peek(descriptor, into: &buffer) {
    case .wouldBlock: isReadable = false
    case .end, .failed: close()
    case .bytes: read(buffer.readable)
    }
  }

  private func read(_ bytes: Span<UInt8>) {
    switch ProxyHeader.read(bytes) {
    case .incomplete: if isHungUp { refuse() }
    case .malformed: refuse()
    case .complete(let count, let source):
      guard Socket.discard(descriptor, count) else { return refuse() }
      listener.admit(self, source ?? peer)
    }
  }

  override func deadlinePassed(_ loop: EventLoop) { refuse() }

  private func close() {
    listener.worker.awaitedHeaders -= 1
    listener.worker.loop.close(self)
  }

  private func refuse() {
    close()
    listener.worker.refused(peer, .proxyHeader)
  }
}
