import Base
import Runtime

extension UpstreamConnection {
  /// The time from one address to the next: less than RFC 8305 §8 recommends, since upstreams are
  /// near, and the loop adds a tick of 67 ms at most.
  private static let nextAddressMilliseconds = 200

  /// Begins to connect to a target of a pool, to one address after another if it has several; nil
  /// if that cannot even begin.
  static func open(
    _ pool: ServicePool, _ target: Int, attempt: Int, _ worker: Worker
  ) -> UpstreamConnection? {
    let goal = pool.service.targets[target]
    var addresses = goal.addresses(attempt: attempt)
    addresses.removeAll { worker.isOwnListener($0, goal.port) }
    var race = ConnectRace(
      addresses: addresses, delayMilliseconds: nextAddressMilliseconds)
    var action = race.begin()
    while case .startAttempt(let number, let address) = action {
      if let descriptor = try? Socket.connect(address, port: goal.port) {
        let connection = UpstreamConnection(
          descriptor: descriptor, worker: worker, pool: pool, target: target)
        guard worker.mayKeep(descriptor), (try? worker.loop.add(connection)) != nil else {
          Socket.close(descriptor)
          return nil
        }
        if addresses.count > 1 {
          connection.race = AddressRace(connection, goal, addresses, race, own: number)
        }
        return connection
      }
      // A family without a route fails at once.
      action = race.handle(.attemptFailed(number))
    }
    return nil
  }
}
