import Base
package import Runtime
import Synchronization

/// Listens on loopback for requests that a server makes because it was told to, and remembers
/// their paths: what proves a forged request (CWE-918).
package final class CallbackListener: Sendable {
  /// The port of 127.0.0.1 that it listens on.
  package let port: UInt16
  private let paths: CallbackPaths
  private let mailbox: Mailbox<Bool>

  /// A listener whose thread has begun.
  package init() throws(SystemError) {
    let descriptor = try Socket.listen(IPAddress(v4: 0x7F00_0001), port: 0)
    let (paths, mailbox) = (CallbackPaths(), try Mailbox<Bool>())
    self.paths = paths
    self.mailbox = mailbox
    port = Socket.port(descriptor) ?? 0
    try Thread.start(named: "callback") {
      guard let loop = try? EventLoop() else { return Socket.close(descriptor) }
      let listener = CallbackChannel(listening: descriptor, paths)
      let wakeup = CallbackWakeup(mailbox)
      guard (try? loop.add(listener)) != nil, (try? loop.add(wakeup)) != nil else { return }
      loop.run()
      loop.close(listener)
    }
  }

  deinit { mailbox.post(true) }

  /// The address that leads here and ends in `token`.
  package func url(_ token: String) -> String { "http://127.0.0.1:\(port)/\(token)" }

  /// Whether a request came whose path holds `token`.
  package func wasCalled(_ token: String) -> Bool { paths.hold(token) }
}
