import Synchronization

/// A fact that a policy lacks: got once, for all exchanges that wait for it.
///
/// A policy that answers `wait` has changed nothing of the exchange. It is asked again once the
/// need is settled, and finds it among the exchange's needs; what follows from a failure is its
/// decision.
public final class Need: Sendable {
  /// How the fact is got.
  public enum Work: Sendable {
    /// The answer to a request of the gateway's own, made where it may take a while: it may have
    /// to be signed.
    case request(url: String, @Sendable () -> NeedRequest?)
    /// What takes too long for an event loop; it runs on a thread that may wait.
    case computation(@Sendable () -> any Sendable)
    /// What a directory says, as a `DirectoryAnswer`.
    case directory(DirectoryQuestion)
  }

  /// What came of it.
  public enum Outcome: Sendable {
    case response(NeedResponse)
    case value(any Sendable)
    /// Why there is nothing, in words for the operator's log.
    case failed(String)
  }

  /// How a need stands for whoever begins to wait.
  public enum Standing: Hashable, Sendable {
    /// Nobody waited before: the fact has to be got now.
    case begins
    case joins
    /// The outcome is there, and nobody is called.
    case isSettled
  }

  private struct State {
    var outcome: Outcome?
    var isBegun = false
    var isSettling = false
    var waiters: [@Sendable () -> Void] = []
  }

  /// The policy that lacks it, and what it is about: by these it is found again.
  public let owner: ObjectIdentifier
  /// What the policy is called, by which needs are counted.
  public let policy: String
  public let subject: (UInt64, UInt64, UInt64, UInt64)
  /// How it is got, and within what time at most, waiting in line included.
  public let work: Work
  public let milliseconds: Int
  private let state = Mutex(State())
  private let refine: @Sendable (Outcome) -> Outcome

  /// A need of `owner`. `refine` makes of what came what the policy wants to find; it is called
  /// once, before anyone who waits goes on, and not on an event loop.
  public init(
    owner: ObjectIdentifier, policy: String = "",
    subject: (UInt64, UInt64, UInt64, UInt64), work: Work, milliseconds: Int,
    refine: @escaping @Sendable (Outcome) -> Outcome = { $0 }
  ) {
    self.owner = owner
    self.policy = policy
    self.subject = subject
    self.work = work
    self.milliseconds = milliseconds
    self.refine = refine
  }

  /// What came of it; nil as long as nothing has.
  public var outcome: Outcome? { state.withLock { $0.outcome } }

  /// Has `waiter` called, on some thread, when the outcome is there.
  public func wait(_ waiter: @escaping @Sendable () -> Void) -> Standing {
    state.withLock { state in
      if state.outcome != nil { return .isSettled }
      state.waiters.append(waiter)
      defer { state.isBegun = true }
      return state.isBegun ? .joins : .begins
    }
  }

  /// Tells what came of it; whatever comes later is ignored. `note` hears what the policy makes of
  /// that, before anyone who waits goes on.
  public func settle(_ outcome: Outcome, note: (Outcome) -> Void = { _ in }) {
    let isFirst = state.withLock { state in
      defer { state.isSettling = true }
      return !state.isSettling
    }
    guard isFirst else { return }
    let refined = refine(outcome)
    note(refined)
    let waiters = state.withLock { state in
      state.outcome = refined
      let waiters = state.waiters
      state.waiters = []
      return waiters
    }
    for waiter in waiters { waiter() }
  }
}
