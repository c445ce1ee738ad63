import Foundation
import Synchronization

/// An upstream that answers nobody as long as it holds.
final class HoldingUpstream: Sendable {
  private struct State {
    var holds = true
    var waiting: [Socket] = []
  }

  let port: UInt16
  private let listener: Socket
  private let state = Mutex(State())

  init() throws {
    let listener = try Socket.listening()
    self.listener = listener
    port = listener.port
    Thread.detachNewThread { [self] in
      while let connection = listener.accepted() {
        Thread.detachNewThread { [weak self] in try? self?.serve(connection) }
      }
    }
  }

  deinit { listener.shutDown() }

  /// Whether a request waits for its answer.
  var isHolding: Bool { state.withLock { !$0.waiting.isEmpty } }

  /// Answers nobody from now on; or all who wait, and everybody at once.
  func hold(_ holds: Bool) {
    let waiting = state.withLock { state -> [Socket] in
      state.holds = holds
      defer { if !holds { state.waiting = [] } }
      return holds ? [] : state.waiting
    }
    for connection in waiting { try? connection.send(HoldingUpstream.answer) }
  }

  private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)

  private func serve(_ connection: Socket) throws {
    while true {
      var text = ""
      while !text.hasSuffix("\r\n\r\n") {
        let bytes = try connection.receive(withinMilliseconds: 60_000)
        if bytes.isEmpty { return }
        text += String(decoding: bytes, as: UTF8.self)
      }
      let isHeld = state.withLock { state in
        if state.holds { state.waiting.append(connection) }
        return state.holds
      }
      if !isHeld { try connection.send(HoldingUpstream.answer) }
    }
  }
}
