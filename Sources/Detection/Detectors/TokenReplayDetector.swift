import Blueprint

/// A credential that has its places shows up at a new one, another network and another program,
/// while it is still used at the old: somebody has a copy.
///
/// Who moves takes the program along and does not come back at once; who gets a new version stays
/// in the network.
struct TokenReplayDetector: Sendable {
  private struct Place: Sendable {
    var network: UInt32 = 0
    var agent: UInt32 = 0
    var requests: UInt32 = 0
    /// When it was seen first and last, in seconds.
    var first: UInt32 = 0
    var last: UInt32 = 0
  }

  private struct Credential: Sendable {
    /// Places, the one used last in front.
    var places: (Place, Place, Place, Place) = (Place(), Place(), Place(), Place())
    var turns = RecentCount()
  }

  /// A place is the credential's own once it was used so often, over so many seconds.
  private static let requestsMin: UInt32 = 5
  private static let ownSeconds: UInt32 = 300
  /// Two places are used at once if so many seconds lie between.
  private static let onceSeconds: UInt32 = 120

  private var credentials = KeyedTable(
    capacity: 16_384, halfLifeSeconds: 3600, fresh: Credential())

  var bytesHeld: Int { credentials.bytesHeld }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.tokenReplay]
    guard settings.isOn, fact.credential != 0, fact.outcome != .wrongCredentials else { return }
    let window = UInt64(settings.windowMilliseconds)
    let limit = findings.limit(.tokenReplay, fact.credential, Double(settings.threshold))
    let isLearning = findings.isLearning
    let turns: UInt64? = credentials.update(fact.credential, at: fact.now) { credential in
      guard Self.isTurn(&credential, fact) else { return nil }
      if isLearning { return nil }
      return credential.turns.add(at: fact.now, window: window)
    }
    guard let turns, Double(turns) >= limit else { return }
    findings.raise(
      .tokenReplay, fact.credential, .credential, at: fact.now,
      [AlertFigure("changes between an own and a new place", Int(turns))])
  }

  /// Notes where the credential is used, and tells whether it came from an own place to a new one
  /// that shares nothing with it, or the other way, with hardly any time between.
  private static func isTurn(_ credential: inout Credential, _ fact: Observation) -> Bool {
    let now = UInt32(truncatingIfNeeded: fact.now / 1000)
    let (network, agent) = (
      UInt32(truncatingIfNeeded: fact.network), UInt32(truncatingIfNeeded: fact.agent)
    )
    // Nearly always it is where it was.
    if credential.places.0.network == network, credential.places.0.agent == agent {
      credential.places.0.requests &+= 1
      credential.places.0.last = now
      return false
    }
    var places = [
      credential.places.0, credential.places.1, credential.places.2, credential.places.3,
    ]
    let before = places[0]
    let found = places.firstIndex { $0.network == network && $0.agent == agent && $0.first != 0 }
    var place = Place(network: network, agent: agent, requests: 0, first: now, last: now)
    if let found { place = places.remove(at: found) } else { places.removeLast() }
    place.requests &+= 1
    place.last = now
    places.insert(place, at: 0)
    credential.places = (places[0], places[1], places[2], places[3])
    guard before.first != 0, now &- before.last <= onceSeconds,
      before.network != network, before.agent != agent
    else { return false }
    let (isOwn, wasOwn) = (isOwn(place), isOwn(before))
    // A turn from an own place to another own one is what the owner does.
    return isOwn != wasOwn
  }

  private static func isOwn(_ place: Place) -> Bool {
    place.requests > requestsMin && place.last &- place.first >= ownSeconds
  }
}
