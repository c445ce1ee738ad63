import Base
import Runtime
import Telemetry

/// Who is let in when there is little room: connections that do nothing, or take long to say what
/// they want, make place for new ones.
extension Worker {
  /// Connections closed at once, so that a flood does not have all looked through each time.
  private static let evictedMax = 32

  /// Why a connection that was accepted may not stay; may close others, the longest idle first.
  ///
  /// Bounded are the connections of this loop, those of one address, and descriptors: some are kept
  /// for upstreams, and behind them some for the admin listener, logs and files.
  func makeRoom(for descriptor: Int32, _ address: IPAddress) -> RefusedConnection? {
    if addressCount(address) >= addressCountMax {
      if !evict(address.limitKey, of: addressCountMax) { return .addressLimit }
    } else if clientCount >= clientCountMax || Int(descriptor) >= descriptors - reserved {
      if !evict(nil, of: clientCountMax) {
        return plan.limits.connectionsMax > descriptorClientsMax ? .descriptors : .limit
      }
    }
    return nil
  }

  /// Whether an address may begin one more handshake; trusted hops open them for many.
  func maySecure(_ address: IPAddress, _ listener: PlanListener) -> Bool {
    let most = plan.limits.handshakesPerAddressMax
    if most == 0 || listener.admin != nil { return true }
    if handshakes.admits(address.limitKey, perSecond: max(1, most / share), now: loop.now) {
      return true
    }
    return listener.trustedHops.contains { $0.contains(address) }
  }

  /// Whether an upstream may have this descriptor; the last ones are the admin listener's.
  func mayKeep(_ descriptor: Int32) -> Bool { Int(descriptor) < descriptors - reserved / 2 }

  private var reserved: Int { min(plan.limits.descriptorsReserved, descriptors / 4) }

  private var clientCountMax: Int {
    max(1, min(plan.limits.connectionsMax, descriptorClientsMax) / share)
  }

  /// Three quarters of the descriptors: each exchange needs one more for its upstream, and most
  /// connections have none under way.
  private var descriptorClientsMax: Int { (descriptors - reserved) / 4 * 3 }

  private var addressCountMax: Int { max(1, plan.limits.connectionsPerAddressMax / share) }

  /// Closes those that have waited longest, of one address or of all; false if none waits.
  private func evict(_ key: IPAddress?, of most: Int) -> Bool {
    // Looking in vain costs as much as finding: a flood must not have it done for each connection.
    if loop.now < nextEviction { return false }
    var oldest: [ClientConnection] = []
    let wanted = min(max(1, most / 16), Worker.evictedMax)
    for index in clients.indices {
      guard let client = clients[index], client.isWaiting, client.listener.settings.admin == nil
      else { continue }
      if let key, client.address.limitKey != key { continue }
      if oldest.count == wanted, let last = oldest.last, !client.isOlder(than: last) { continue }
      let place = oldest.firstIndex { client.isOlder(than: $0) } ?? oldest.count
      oldest.insert(client, at: place)
      if oldest.count > wanted { oldest.removeLast() }
    }
    if oldest.isEmpty { nextEviction = loop.now.adding(milliseconds: 100) }
    for client in oldest { client.giveWay() }
    return !oldest.isEmpty
  }
}
