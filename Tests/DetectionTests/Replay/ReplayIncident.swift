import Base
import HTTP

/// Something that happens to a service for a time and shows in the answers to ordinary requests.
struct ReplayIncident {
  enum Kind { case failing, slow, larger, otherType }

  var kind: Kind
  var attack: Int
  var service: String
  /// The beginning of the paths that it happens to.
  var prefix: String
  var start, end: UInt64
  var amount: Double

  func change(_ event: inout ReplayEvent, _ random: inout SeededRandom) {
    guard event.service == service, event.time >= start, event.time < end,
      event.path.hasPrefix(prefix), event.problem == nil, event.status < 400
    else { return }
    switch kind {
    case .failing:
      guard random.happens(amount) else { return }
      event.status = random.happens(0.5) ? 500 : 503
      event.bytesOut = 200
    case .slow: event.upstreamMicroseconds = UInt64(Double(event.upstreamMicroseconds) * amount)
    case .larger: event.bytesOut = UInt64(Double(event.bytesOut) * amount)
    case .otherType: event.type = "text/html"
    }
    event.attack = attack
  }
}
