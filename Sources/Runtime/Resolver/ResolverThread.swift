import Base
import CLinux

/// The work of the resolver's thread: many look-ups at once over one poll(2), none of which can
/// hold up another.
final class ResolverThread {
  private let mailbox: ResolverMailbox
  private let configuration: ResolverConfiguration
  private let clock: @Sendable () -> Instant
  private let report: @Sendable (ResolverReport) -> Void
  private var cache: ResolverCache
  /// Who waits for which name, under way or not.
  private var waiting: [String: [ResolverMailbox.Deliver]] = [:]
  /// Names whose look-up has not begun, oldest first.
  private var queued: [HostAddress] = []
  private var active: [ResolverLookup] = []

  init(
    _ mailbox: ResolverMailbox, _ configuration: ResolverConfiguration,
    clock: @escaping @Sendable () -> Instant, report: @escaping @Sendable (ResolverReport) -> Void
  ) {
    self.mailbox = mailbox
    self.configuration = configuration
    self.clock = clock
    self.report = report
    cache = ResolverCache(firstFamily: configuration.firstFamily)
  }

  /// Runs until the mailbox is closed; then everyone who waits is told so.
  func run() {
    while true {
      let (requests, isClosed) = mailbox.take()
      for request in requests { accept(request) }
      if isClosed { break }
      beginQueued()
      wait()
      for lookup in active { lookup.advance(clock()) }
      finishActive()
    }
    active = []
    for delivers in waiting.values {
      for deliver in delivers { mailbox.answer(deliver, .failure(.closed)) }
    }
  }

  private func accept(_ request: ResolverMailbox.Request) {
    let name = ResolverThread.key(request.host)
    if let outcome = cache.outcome(for: name, now: clock()) {
      mailbox.answer(request.deliver, outcome)
      return
    }
    if waiting[name] == nil { queued.append(request.host) }
    waiting[name, default: []].append(request.deliver)
  }

  /// A name with and one without a trailing dot may differ in what the search list makes of them.
  private static func key(_ host: HostAddress) -> String {
    host.isAbsolute ? host.text + "." : host.text
  }

  private func beginQueued() {
    while active.count < ResolverLimits.activeMax, !queued.isEmpty {
      active.append(ResolverLookup(queued.removeFirst(), configuration, now: clock()))
      finishActive()
    }
  }

  private func finishActive() {
    for lookup in active {
      guard let result = lookup.outcome else { continue }
      let name = ResolverThread.key(lookup.host)
      let outcome = cache.store(result, for: name, now: clock())
      if case .failure(let error) = result {
        var usesStaleAnswer = false
        if case .success = outcome { usesStaleAnswer = true }
        report(
          ResolverReport(
            host: lookup.host.text, error: error, usesStaleAnswer: usesStaleAnswer))
      }
      for deliver in waiting.removeValue(forKey: name) ?? [] { mailbox.answer(deliver, outcome) }
    }
    active.removeAll { $0.outcome != nil }
  }

  /// Waits for the sockets, the mailbox, or the next deadline, and serves what is ready.
  private func wait() {
    let queries = active.flatMap(\.queries).filter { $0.socket != nil }
    var entries = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
    for query in queries {
      guard let socket = query.socket else { continue }
      let events = Int16(socket.wantsWriting ? POLLOUT : POLLIN)
      entries.append(pollfd(fd: socket.descriptor, events: events, revents: 0))
    }
    // Safety: the kernel writes to as many entries as the array has.
    let count = unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe poll(entries.baseAddress, nfds_t(entries.count), timeoutMilliseconds)
    }
    guard count > 0 else { return }
    for (entry, query) in zip(entries.dropFirst(), queries) where entry.revents != 0 {
      query.ready(clock())
    }
  }

  /// Until the next deadline, rounded up; -1 when there is none.
  private var timeoutMilliseconds: Int32 {
    guard let wakes = active.map(\.wakes).min() else { return -1 }
    return Int32(clamping: (wakes.since(clock()) + 999_999) / 1_000_000)
  }
}
