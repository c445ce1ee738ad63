import Base
import HTTP

/// A request of a replay, before it is an event; `attack` is the number of the attack that it
/// belongs to, -1 for none.
struct ReplayEvent {
  var time: UInt64
  var address: IPAddress
  var method = Method.get
  var path: String
  var service: String
  var consumer = ""
  var agent: String
  var credential: UInt64 = 0
  var subject: UInt64 = 0
  var status = 200
  var problem: Problem?
  var bytesOut: UInt64 = 0
  var upstreamMicroseconds: UInt64 = 0
  var type = "application/json"
  var attack = -1
}
