import Foundation

/// An upstream that sends one event for each byte that comes to its other port.
final class EventUpstream: Sendable {
  let port: UInt16
  let triggerPort: UInt16
  private let listener: Socket
  private let trigger: Socket

  init() throws {
    let (listener, trigger) = (try Socket.listening(), try Socket.listening())
    (self.listener, self.trigger) = (listener, trigger)
    (port, triggerPort) = (listener.port, trigger.port)
    Thread.detachNewThread {
      guard let client = listener.accepted() else { return }
      _ = try? client.receive()
      let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
      try? client.send(Array(head.utf8))
      guard let signal = trigger.accepted() else { return }
      for number in 0..<5 {
        guard let bytes = try? signal.receive(most: 1), !bytes.isEmpty else { return }
        try? client.send(Array("9\r\ndata: \(number)\n\n\r\n".utf8))
      }
      _ = try? signal.receive()
    }
  }

  deinit {
    listener.shutDown()
    trigger.shutDown()
  }
}
