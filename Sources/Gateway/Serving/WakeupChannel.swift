import Runtime

/// The channel by which a mailbox wakes its loop.
final class WakeupChannel: Channel {
  private unowned let worker: Worker

  init(descriptor: Int32, worker: Worker) {
    self.worker = worker
    super.init(descriptor: descriptor)
  }

  override func ready(_ loop: EventLoop) { worker.takeMessages() }
}
