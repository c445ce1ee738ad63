import Base
import Blueprint
import HTTP

/// An attack of a replay: what it is, who does it, and when.
struct ReplayAttack {
  var kind: DetectorName
  var start: UInt64
  var end: UInt64
  /// Whom alerts may name.
  var addresses: Set<IPAddress> = []
  var consumer = ""
  var credential: UInt64 = 0
  var service = ""
  /// What is right to say of it as well.
  var also: Set<DetectorName> = []
  var events: [ReplayEvent] = []

  init(_ kind: DetectorName, start: UInt64) {
    self.kind = kind
    self.start = start
    end = start
  }

  mutating func add(_ event: ReplayEvent) {
    addresses.insert(event.address)
    end = max(end, event.time)
    events.append(event)
  }
}
