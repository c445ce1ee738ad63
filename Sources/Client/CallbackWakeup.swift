import Runtime

/// Ends the loop of a listener when it is told to.
final class CallbackWakeup: Channel {
  private let mailbox: Mailbox<Bool>

  init(_ mailbox: Mailbox<Bool>) {
    self.mailbox = mailbox
    super.init(descriptor: mailbox.descriptor)
  }

  override func ready(_ loop: EventLoop) { if !mailbox.take().isEmpty { loop.isStopped = true } }
}
