public import Base

/// Decides which of several addresses of a host to connect to, and when (RFC 8305 §5).
///
/// Attempts start one after the other, a delay apart, or at once when one fails; the first that
/// connects wins and the others are given up. The machine is pure: whoever owns the sockets and
/// the timer tells it what happened, and does the one thing that it answers.
///
///     var race = ConnectRace(addresses: answer.addresses)
///     perform(race.begin())
///     // later, for each event of a socket or of the timer:
///     perform(race.handle(.attemptFailed(0)))
public struct ConnectRace: Sendable {
  /// What may happen to a race.
  public enum Event: Hashable, Sendable {
    /// The attempt of this number ended without a connection.
    case attemptFailed(Int)
    /// `delayMilliseconds` have passed since the latest attempt began.
    case delayPassed
    /// The attempt of this number has a connection.
    case connected(Int)
  }

  /// What the owner of the race does next.
  public enum Action: Hashable, Sendable {
    /// Connect to `address`; events refer to the attempt by `number`. Arm the timer anew with
    /// `delayMilliseconds` if there is one, in place of an earlier one.
    case startAttempt(number: Int, address: IPAddress)
    /// The attempt has won: stop the timer, close all others.
    case cancelOthers(keeping: Int)
    /// Every address was tried and none answered, or there was none.
    case fail
    /// The race is over already, or the attempt ended before: close its socket if it is open.
    case discard
    /// Nothing is to be done.
    case wait
  }

  /// How many addresses are tried at most; those behind are left out.
  public static let attemptsMax = 64

  /// The time between two attempts that RFC 8305 §8 recommends.
  public static let standardDelayMilliseconds = 250

  private let addresses: [IPAddress]
  private let delay: Int
  private var next = 0
  /// One bit for each attempt that is under way.
  private var running: UInt64 = 0
  private var isOver = false

  /// A race between `addresses`, in this order (see `HostAddress.interleaved`). The delay is held
  /// between the 100 ms and the 2 s of RFC 8305 §8.
  public init(
    addresses: [IPAddress],
    delayMilliseconds: Int = ConnectRace.standardDelayMilliseconds
  ) {
    self.addresses = Array(addresses.prefix(ConnectRace.attemptsMax))
    delay = min(max(delayMilliseconds, 100), 2000)
  }

  /// After how many milliseconds `delayPassed` is wanted; nil when no address is left to start.
  public var delayMilliseconds: Int? { isOver || next >= addresses.count ? nil : delay }

  /// The first action; called once, before any event.
  public mutating func begin() -> Action {
    precondition(next == 0 && !isOver, "a race begins once")
    return startNext()
  }

  /// The answer to what happened.
  public mutating func handle(_ event: Event) -> Action {
    switch event {
    case .attemptFailed(let number):
      guard finish(number) else { return .discard }
      return startNext()
    case .delayPassed:
      return isOver || next >= addresses.count ? .wait : startNext()
    case .connected(let number):
      guard finish(number) else { return .discard }
      isOver = true
      return .cancelOthers(keeping: number)
    }
  }

  private mutating func startNext() -> Action {
    if next < addresses.count {
      let number = next
      next += 1
      running |= 1 << UInt64(number)
      return .startAttempt(number: number, address: addresses[number])
    }
    if running != 0 { return .wait }
    isOver = true
    return .fail
  }

  /// Takes the attempt out of those under way; false if it was not among them.
  private mutating func finish(_ number: Int) -> Bool {
    guard !isOver, number >= 0, number < next else { return false }
    let bit: UInt64 = 1 << UInt64(number)
    guard running & bit != 0 else { return false }
    running &= ~bit
    return true
  }
}
