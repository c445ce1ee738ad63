import Blueprint
import Gateway
import Runtime

/// What the process before hands over to this one: its listening sockets, and then all the rest.
final class TakeOver {
  /// What went wrong; the process before goes on.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// How long the process before may take for an answer, and to let go of what only one may have.
  private static let answerMilliseconds = 10_000
  /// More sockets than any machine has loops and listeners for.
  private static let socketsMax = 65_536

  /// The sockets.
  let inherited = InheritedListeners()
  private let peer: LocalSocket

  /// Takes the sockets of the process that is reached at `path`.
  private init(_ peer: LocalSocket) throws(Failure) {
    self.peer = peer
    guard peer.isOfOurUser else {
      throw Failure(description: "hand-over: the process there is another user's")
    }
    guard peer.send(HandOverKeeper.greeting) else { throw TakeOver.silence }
    var count = 0
    while true {
      guard let message = peer.receive(withinMilliseconds: TakeOver.answerMilliseconds) else {
        throw TakeOver.silence
      }
      if message.text == HandOverKeeper.endMark + "\(count)", message.descriptor == nil { return }
      let text = message.text.dropFirst(HandOverKeeper.listenerMark.count)
      guard message.text.hasPrefix(HandOverKeeper.listenerMark), count < TakeOver.socketsMax,
        let bind = BindAddress(String(text)), let descriptor = message.descriptor
      else {
        if let descriptor = message.descriptor { Socket.close(descriptor) }
        throw Failure(description: "hand-over: the process before says what is not understood")
      }
      inherited.add(bind, descriptor)
      count += 1
    }
  }

  private static var silence: Failure {
    Failure(description: "hand-over: the process before does not answer")
  }

  /// Begins to take over from the process that is reached at `path`; nil if there is none.
  static func begin(at path: String) throws -> TakeOver? {
    let peer: LocalSocket
    do throws(SystemError) {
      peer = try LocalSocket.connected(to: path)
    } catch {
      if error.isNobodyThere { return nil }
      throw error
    }
    return try TakeOver(peer)
  }

  /// Says that this process serves, and waits until the one before has let go of what only one may
  /// have; false if it does not say so.
  func finish() -> Bool {
    inherited.closeRest()
    guard peer.send(HandOverKeeper.ready) else { return false }
    let answer = peer.receive(withinMilliseconds: TakeOver.answerMilliseconds)
    if let descriptor = answer?.descriptor { Socket.close(descriptor) }
    return answer?.text == HandOverKeeper.yours
  }
}
