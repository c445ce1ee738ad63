import Gateway
import Runtime
import Synchronization
import Telemetry

/// Lets the process that follows take the listening sockets over, at a local socket: this one goes
/// on serving until that one says that it does.
///
/// Each process gives the file its own socket once it serves, so that the next one finds it.
final class HandOverKeeper: Sendable {
  /// What the process that follows says first.
  static let greeting = "gatehouse hand-over 1"
  /// Before each socket's address.
  static let listenerMark = "listener "
  /// Before the number of sockets, at their end.
  static let endMark = "end "
  /// What it says when it serves.
  static let ready = "ready"
  /// The answer: what only one process may have is free.
  static let yours = "yours"

  /// How long a greeting, and the loops, may take.
  private static let answerMilliseconds = 3_000
  /// How long the process that follows may take until it serves.
  private static let readyMilliseconds = 60_000
  private static let roundMilliseconds = 500

  private let path: String
  private let temporaryPath: String
  private let socket: LocalSocket
  private let left = Atomic<Bool>(false)
  private let ended = Atomic<Bool>(false)
  private let isInPlace = Atomic<Bool>(false)

  /// Listens beside `path`, where another process may still be reached.
  init(at path: String) throws(SystemError) {
    self.path = path
    temporaryPath = "\(path).\(ProcessFacts.processIdentifier)"
    LocalSocket.remove(temporaryPath)
    socket = try LocalSocket.listening(at: temporaryPath)
  }

  /// Whether another process has taken over.
  var hasLeft: Bool { left.load(ordering: .acquiring) }

  /// Takes the place of whoever was reached at the path, and attends to who comes there. `leaving`
  /// is called once, on a thread of its own, when another process serves; when it returns, that
  /// one has what only one may have.
  func start(
    _ server: GatewayServer, leaving: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    try LocalSocket.rename(temporaryPath, to: path)
    isInPlace.store(true, ordering: .relaxed)
    try Thread.start(named: "gatehouse-next") { [self] in
      while !ended.load(ordering: .relaxed), !hasLeft {
        let peer = socket.accepted(withinMilliseconds: HandOverKeeper.roundMilliseconds)
        guard let peer else { continue }
        if attend(peer, server) {
          leaving()
          _ = peer.send(HandOverKeeper.yours)
          left.store(true, ordering: .releasing)
        }
      }
    }
  }

  /// The process ends; the file goes with it, unless it is another's by now.
  func close() {
    ended.store(true, ordering: .relaxed)
    if hasLeft { return }
    LocalSocket.remove(isInPlace.load(ordering: .relaxed) ? path : temporaryPath)
  }

  /// Gives the sockets away; whether whoever got them serves.
  private func attend(_ peer: LocalSocket, _ server: GatewayServer) -> Bool {
    guard peer.isOfOurUser else {
      ErrorLog.warning("hand-over: another user's process asked, and got nothing")
      return false
    }
    let greeting = peer.receive(withinMilliseconds: HandOverKeeper.answerMilliseconds)
    if let descriptor = greeting?.descriptor { Socket.close(descriptor) }
    guard greeting?.text == HandOverKeeper.greeting else { return false }
    guard let offered = try? server.offer() else { return false }
    defer { offered.close() }
    guard let sockets = offered.wait(milliseconds: HandOverKeeper.answerMilliseconds) else {
      ErrorLog.error("hand-over: a loop does not answer; this process goes on")
      return false
    }
    for one in sockets {
      let text = HandOverKeeper.listenerMark + "\(one.bind)"
      guard peer.send(text, descriptor: one.descriptor) else { return false }
    }
    guard peer.send(HandOverKeeper.endMark + "\(sockets.count)") else { return false }
    let answer = peer.receive(withinMilliseconds: HandOverKeeper.readyMilliseconds)
    if let descriptor = answer?.descriptor { Socket.close(descriptor) }
    if answer?.text == HandOverKeeper.ready { return true }
    ErrorLog.error("hand-over: the process that was to follow does not serve; this one goes on")
    return false
  }
}
