public import Formats
import Runtime
import Synchronization

/// Writes what many ask for at the same time by one durable transaction, and tells each what came
/// of its own.
///
/// Waiting for the disk is what a write costs; while one transaction waits, the next one gathers.
public final class GroupedWriter: Sendable {
  private struct Job: Sendable {
    let batch: RecordBatch
    let done: @Sendable (StoreError?) -> Void
  }

  /// Most that may wait: beyond it the disk does not keep up, and whoever asks is told so.
  private static let waitingMax = 8192
  /// Most batches of one transaction, which holds up everybody who reads.
  private static let batchesMax = 256

  private let vault: Vault
  private let mailbox: Mailbox<Job>
  private let waiting = Atomic<Int>(0)

  /// A writer to `vault`, with a thread of its own.
  public init(_ vault: Vault) throws {
    self.vault = vault
    mailbox = try Mailbox()
    try Thread.start(named: "writer") { [self] in serve() }
  }

  /// Makes the changes, all or none, with an entry in the journal if one is given; `done` is called
  /// once they are durable, or with what stood against them. Sealing is done here, on the caller's
  /// thread.
  public func write(
    _ changes: [VaultChange], journal: JSONValue? = nil,
    _ done: @escaping @Sendable (StoreError?) -> Void
  ) {
    do throws(StoreError) {
      let batch = try vault.batch(changes, journal: journal)
      guard waiting.add(1, ordering: .relaxed).newValue <= GroupedWriter.waitingMax else {
        waiting.subtract(1, ordering: .relaxed)
        throw .unavailable("too many writes wait for the disk")
      }
      mailbox.post(Job(batch: batch, done: done))
    } catch {
      done(error)
    }
  }

  private func serve() {
    while true {
      mailbox.wait()
      var jobs = mailbox.take()[...]
      while !jobs.isEmpty {
        let part = Array(jobs.prefix(GroupedWriter.batchesMax))
        jobs = jobs.dropFirst(part.count)
        write(part)
        waiting.subtract(part.count, ordering: .relaxed)
      }
    }
  }

  private func write(_ jobs: [Job]) {
    do throws(StoreError) {
      let outcomes = try vault.store.commit(each: jobs.map(\.batch))
      for (job, outcome) in zip(jobs, outcomes) { job.done(outcome) }
    } catch {
      for job in jobs { job.done(error) }
    }
  }
}
