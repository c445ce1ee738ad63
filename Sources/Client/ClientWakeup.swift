import Runtime

/// The channel by which a mailbox wakes a client's loop.
final class ClientWakeup: Channel {
  private unowned let owner: ClientLoop

  init(descriptor: Int32, owner: ClientLoop) {
    self.owner = owner
    super.init(descriptor: descriptor)
  }

  override func ready(_ loop: EventLoop) { owner.takeMessages() }
}
