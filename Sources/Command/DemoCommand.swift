import Base
import Blueprint

/// `gatehouse demo`: serves a small API to put the gateway in front of.
struct DemoCommand: Subcommand {
  static let name = "demo"
  static let summary = "serves a small API to try the gateway with"
  static let options = [
    Option("--bind", "ADDRESS:PORT", "where it listens; loopback only (127.0.0.1:3000)")
  ]
  static let details = """
      It asks nobody who they are: that is the gateway's business. See 'gatehouse init --demo'.
    """

  /// Where it listens.
  let bind: BindAddress

  init(_ arguments: Arguments) throws(UsageError) {
    let text = arguments.value("--bind") ?? "127.0.0.1:3000"
    guard let bind = BindAddress(text), bind.address.isLoopback else {
      throw UsageError("--bind must be a loopback address and a port, such as 127.0.0.1:3000")
    }
    self.bind = bind
  }
}
