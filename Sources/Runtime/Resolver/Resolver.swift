import Base
import CLinux
import Synchronization

/// Looks the addresses of names up, on a thread of its own and never on an event loop.
///
/// Order: addresses as such, `localhost`, the hosts file, then DNS with A and AAAA at once. An
/// answer is used as long as its TTL says, within `ResolverLimits`; that there is nothing, and
/// failures, for five seconds. While name servers fail, the last good addresses stay in use, which
/// is reported. Requests for one name share one look-up. Other sources of nsswitch.conf(5), such
/// as LDAP or multicast DNS, are not asked: they have no TTL and no bound on their time.
///
///     let resolver = try Resolver(report: { log($0) })
///     try resolver.resolve(host) { outcome in loop.post { use(outcome) } }
public final class Resolver: Sendable {
  private let mailbox: ResolverMailbox
  private let thread: pthread_t

  /// A resolver whose thread has begun.
  ///
  /// - Parameter report: told of every look-up that failed, on the resolver's thread.
  /// - Throws: `.system` when there is no descriptor or no thread to be had.
  public convenience init(
    _ configuration: ResolverConfiguration = ResolverConfiguration(),
    report: @escaping @Sendable (ResolverReport) -> Void = { _ in }
  ) throws(ResolverError) {
    try self.init(configuration, clock: Resolver.monotonicNow, report: report)
  }

  init(
    _ configuration: ResolverConfiguration, clock: @escaping @Sendable () -> Instant,
    pendingMax: Int = ResolverLimits.pendingMax,
    report: @escaping @Sendable (ResolverReport) -> Void
  ) throws(ResolverError) {
    let mailbox = try ResolverMailbox(pendingMax: pendingMax)
    self.mailbox = mailbox
    thread = try Resolver.spawn {
      ResolverThread(mailbox, configuration, clock: clock, report: report).run()
    }
  }

  deinit { close() }

  /// Asks for the addresses of `host`, and has `deliver` called once with them: on the resolver's
  /// thread, so it should do no more than pass them on.
  ///
  /// - Throws: `.queueFull` or `.closed`; then `deliver` is not called.
  public func resolve(
    _ host: HostAddress,
    _ deliver: @escaping @Sendable (Result<ResolverAnswer, ResolverError>) -> Void
  ) throws(ResolverError) {
    try mailbox.post(ResolverMailbox.Request(host: host, deliver: deliver))
  }

  /// Ends the thread; who still waits is told `.closed`. Returns when that is done, unless called
  /// on the resolver's own thread.
  public func close() {
    guard mailbox.close() else { return }
    if pthread_equal(pthread_self(), thread) != 0 {
      pthread_detach(thread)
    } else {
      // The first `close` alone comes here, so the thread is joined once.
      pthread_join(thread, nil)
    }
  }

  static let monotonicNow: @Sendable () -> Instant = {
    var time = timespec()
    // Safety: the kernel fills in the one structure.
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// The work of a thread, in an object so that it can be handed through C.
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func spawn(
    _ body: @escaping @Sendable () -> Void
  ) throws(ResolverError) -> pthread_t {
    // Safety: the reference that is retained here is released by the thread, or below if there
    // is none.
    let work = unsafe Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    // Signals are for the thread that waits for them: the new one inherits that all are blocked.
    var (all, before) = (sigset_t(), sigset_t())
    // Safety: the calls fill or read the one set that they are given.
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        // Safety: the argument is the reference that was retained for this thread alone.
        guard let argument = unsafe argument else { return nil }
        let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        work.body()
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      // Safety: there is no thread that could release it.
      unsafe work.release()
      throw .system(code: code)
    }
    return thread
  }
}
