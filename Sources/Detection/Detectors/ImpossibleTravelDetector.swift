import Base
import Blueprint

/// A credential is used at two places that are too far apart for the time between.
///
/// It looks only if there is a file that knows where networks are. Whoever uses a proxy far away
/// seems to travel: from the third time on, a pair of places counts as the caller's own.
struct ImpossibleTravelDetector: Sendable {
  private struct Credential: Sendable {
    var network: UInt64 = 0
    var latitude: Float = 0
    var longitude: Float = 0
    var radius: Float = 0
    var seen: UInt64 = 0
    /// How often it went so far before.
    var journeys: UInt8 = 0
    var own = LinearCount()
  }

  /// Distances that files of networks get wrong, in kilometres.
  private static let distanceMin = 500.0

  private var places: PlaceFile?
  private var credentials: KeyedTable<Credential>

  init(_ places: PlaceFile?) {
    self.places = places
    // Without a file there is nothing to keep in mind.
    credentials = KeyedTable(
      capacity: places == nil ? 8 : 16_384, halfLifeSeconds: 3600, fresh: Credential())
  }

  var bytesHeld: Int { credentials.bytesHeld }

  mutating func adopt(_ places: PlaceFile?) {
    if (places == nil) != (self.places == nil) { self = ImpossibleTravelDetector(places) }
    self.places = places
  }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.impossibleTravel]
    guard settings.isOn, let places, fact.credential != 0,
      fact.outcome != .wrongCredentials
    else { return }
    let key = fact.consumer != 0 ? fact.consumer : fact.credential
    let known = credentials.updateIfKnown(key) { credential in
      if credential.network == fact.network { credential.seen = fact.now }
      return credential.network == fact.network
    }
    // Nearly always it is where it was.
    if known == true { return }
    guard let place = places.place(fact.client) else { return }
    let speedMax = Double(settings.threshold)
    let figures: [AlertFigure]? = credentials.update(key, at: fact.now) { credential in
      defer { Self.move(&credential, to: place, fact) }
      guard credential.seen != 0 else { return nil }
      let kilometres = Self.distance(credential, place)
      let sure = kilometres - Double(credential.radius) - place.radius
      let hours = Double(fact.now &- credential.seen) / 3_600_000
      guard sure >= Self.distanceMin, sure > speedMax * hours else { return nil }
      // A pair of places, whichever way.
      let pair = credential.network ^ fact.network
      guard credential.own.insert(pair) || credential.journeys < 3 else { return nil }
      credential.journeys &+= 1
      return [
        AlertFigure("kilometres", kilometres), AlertFigure("minutes", hours * 60),
      ]
    }
    if let figures {
      findings.raise(.impossibleTravel, key, .credential, at: fact.now, figures)
    }
  }

  private static func move(
    _ credential: inout Credential, to place: Place, _ fact: Observation
  ) {
    credential.network = fact.network
    (credential.latitude, credential.longitude) = (Float(place.latitude), Float(place.longitude))
    credential.radius = Float(place.radius)
    credential.seen = fact.now
  }

  /// The way on the ground: short ways as on a plane, for long ones the chord and its arc.
  private static func distance(_ from: Credential, _ to: Place) -> Double {
    let radius = 6371.0
    let (a, b) = (
      point(Double(from.latitude), Double(from.longitude)), point(to.latitude, to.longitude)
    )
    let (x, y, z) = (a.x - b.x, a.y - b.y, a.z - b.z)
    let chord = (x * x + y * y + z * z).squareRoot()
    return radius * 2 * Angle.arcsine(min(1, chord / 2))
  }

  private static func point(
    _ latitude: Double, _ longitude: Double
  ) -> (x: Double, y: Double, z: Double) {
    let (up, around) = (Angle.radians(latitude), Angle.radians(longitude))
    let flat = Angle.cosine(up)
    return (flat * Angle.cosine(around), flat * Angle.sine(around), Angle.sine(up))
  }
}
