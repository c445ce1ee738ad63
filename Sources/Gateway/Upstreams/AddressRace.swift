import Base
import Runtime

/// The attempts to connect to an upstream that has several addresses (RFC 8305 §5).
///
/// The connection itself makes the first attempt, so that it has a descriptor and deadlines of its
/// own; each further one is a channel that hands its descriptor over if it comes first.
final class AddressRace {
  /// One attempt beside the connection's own.
  final class Attempt: Channel {
    let number: Int
    private unowned let race: AddressRace

    init(descriptor: Int32, number: Int, race: AddressRace) {
      self.number = number
      self.race = race
      super.init(descriptor: descriptor)
    }

    override func ready(_ loop: EventLoop) {
      if isWritable || isHungUp { race.decided(self) }
    }
  }

  private let target: UpstreamTarget
  private let addresses: [IPAddress]
  private var race: ConnectRace
  private unowned let connection: UpstreamConnection
  /// The number of the attempt that the connection's own descriptor belongs to; -1 once it failed.
  private var own: Int
  private var attempts: [Attempt] = []
  private var giveUpAt = Instant.distantFuture

  /// A race of which the connection itself runs attempt `own`.
  init(
    _ connection: UpstreamConnection, _ target: UpstreamTarget, _ addresses: [IPAddress],
    _ race: ConnectRace, own: Int
  ) {
    self.connection = connection
    self.target = target
    self.addresses = addresses
    self.race = race
    self.own = own
  }

  /// Begins to wait: for the next address after a while, for any of them until `giveUpAt`.
  func begin(giveUpAt: Instant) {
    self.giveUpAt = giveUpAt
    arm()
  }

  /// The deadline of the connection: when the next attempt is due, or when all have to end.
  private func arm() {
    let loop = connection.worker.loop
    let next = race.delayMilliseconds.map { loop.now.adding(milliseconds: $0) }
    loop.setDeadline(min(next ?? giveUpAt, giveUpAt), of: connection)
  }

  /// The connection's deadline has passed; true if the race goes on.
  func delayPassed() -> Bool {
    if connection.worker.loop.now >= giveUpAt { return false }
    return perform(race.handle(.delayPassed))
  }

  /// The connection's own attempt has failed; true if the race goes on.
  func ownFailed() -> Bool {
    if own < 0 { return true }
    let number = own
    own = -1
    return perform(race.handle(.attemptFailed(number)))
  }

  /// The connection's own attempt has won.
  func ownSucceeded() {
    if own > 0 { target.prefer(addresses[own]) }
    end()
  }

  /// Whether the connection's own descriptor is still in the race.
  var isOwnRunning: Bool { own >= 0 }

  /// Ends all attempts but the connection's own.
  func cancel() {
    for attempt in attempts { connection.worker.loop.close(attempt) }
    attempts = []
  }

  /// What is left of the time to connect is for the handshake.
  private func end() {
    cancel()
    connection.worker.loop.setDeadline(giveUpAt, of: connection)
  }

  private func decided(_ attempt: Attempt) {
    attempts.removeAll { $0 === attempt }
    let loop = connection.worker.loop
    if Socket.error(attempt.descriptor) != 0 {
      loop.close(attempt)
      if !perform(race.handle(.attemptFailed(attempt.number))) { connection.raceLost() }
      return
    }
    guard attempt.isWritable, (try? loop.move(attempt, to: connection)) != nil else {
      loop.close(attempt)
      return connection.raceLost()
    }
    _ = race.handle(.connected(attempt.number))
    target.prefer(addresses[attempt.number])
    end()
    connection.raceWon()
  }

  /// Does what the machine says; false if the race is lost.
  private func perform(_ first: ConnectRace.Action) -> Bool {
    var action = first
    while case .startAttempt(let number, let address) = action {
      if start(number, address) { break }
      action = race.handle(.attemptFailed(number))
    }
    arm()
    return action != .fail
  }

  private func start(_ number: Int, _ address: IPAddress) -> Bool {
    let worker = connection.worker
    guard let descriptor = try? Socket.connect(address, port: target.port) else { return false }
    let attempt = Attempt(descriptor: descriptor, number: number, race: self)
    guard worker.mayKeep(descriptor), (try? worker.loop.add(attempt)) != nil else {
      Socket.close(descriptor)
      return false
    }
    attempts.append(attempt)
    return true
  }
}
