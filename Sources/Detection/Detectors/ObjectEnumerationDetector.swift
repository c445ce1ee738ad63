import Blueprint

/// One caller goes through the objects of one endpoint (OWASP API1, broken object level
/// authorization): many of them are refused or not there, or their numbers follow one another, or
/// there are far more of them than any caller has.
///
/// Who is used to read many, such as a program that copies everything each night, is known for it.
struct ObjectEnumerationDetector: Sendable {
  private struct Caller: Sendable {
    var objects = RecentDistinct()
    var missed = RecentDistinct()
    var neighbours = RecentCount()
    var requests = RecentCount()
    var misses = RecentCount()
    var lastNumber: UInt64 = 0
    var place: UInt64 = 0
    /// The greatest number of objects in a window, of which what is old counts for less.
    var peak = 0.0
  }

  private struct Endpoint: Sendable {
    /// How many objects a caller reads within a window.
    var objects = QuantileSketch()
  }

  private var callers: KeyedTable<Caller>
  private var endpoints = KeyedTable(capacity: 512, halfLifeSeconds: 86_400, fresh: Endpoint())
  private let mix: KeyMix

  /// Windows of callers before it is known how many objects are usual at an endpoint.
  private static let windowsMin = 50

  init(mix: KeyMix) {
    self.mix = mix
    callers = KeyedTable(capacity: 16_384, halfLifeSeconds: 1800, fresh: Caller())
  }

  var bytesHeld: Int { callers.bytesHeld + endpoints.bytesHeld + 512 * 1024 }

  mutating func observe(_ fact: Observation, _ findings: inout Findings) {
    let settings = findings.settings[.objectEnumeration]
    guard settings.isOn, fact.shape.object != 0 else { return }
    let isMiss = fact.outcome == .forbidden || fact.outcome == .missing
    guard isMiss || fact.outcome == .success || fact.outcome == .redirection else { return }
    let window = UInt64(settings.windowMilliseconds)
    let key = mix.key(fact.caller, fact.shape.endpoint, 5)
    let threshold = Double(settings.threshold)
    let limit = findings.limit(.objectEnumeration, key, threshold)
    var closed = 0.0
    let seen = callers.update(key, at: fact.now) { caller in
      closed = Self.turn(&caller, fact.now, window)
      Self.count(&caller, fact, isMiss: isMiss, window)
      return Self.Seen(&caller, fact.now, window, from: limit)
    }
    var usual = 0.0
    if closed > 0 {
      endpoints.update(fact.shape.endpoint, at: fact.now) { $0.objects.insert(closed) }
    }
    guard let seen else { return }
    if seen.objects >= 2 * limit {
      usual =
        endpoints.updateIfKnown(fact.shape.endpoint) { endpoint in
          endpoint.objects.count >= Self.windowsMin ? endpoint.objects.quantile(0.99) : 0
        } ?? 0
    }
    guard seen.isTooMuch(limit, settings.factor, usual, isLearning: findings.isLearning) else {
      return
    }
    findings.raise(
      .objectEnumeration, key, .caller, at: fact.now,
      [
        AlertFigure("objects", seen.objects), AlertFigure("refused or missing", seen.missed),
        AlertFigure("neighbours", seen.neighbours), AlertFigure("requests", seen.requests),
        AlertFigure("usual objects of a caller", usual),
      ])
  }

  /// What a caller did within the window.
  private struct Seen {
    var objects, missed, misses, neighbours, requests, peak: Double

    init?(_ caller: inout Caller, _ now: UInt64, _ window: UInt64, from limit: Double) {
      requests = Double(caller.requests.value(at: now, window: window))
      guard requests >= limit else { return nil }
      objects = caller.objects.estimate(at: now, window: window)
      guard objects >= limit else { return nil }
      missed = caller.missed.estimate(at: now, window: window)
      misses = Double(caller.misses.value(at: now, window: window))
      neighbours = Double(caller.neighbours.value(at: now, window: window))
      peak = caller.peak
    }

    func isTooMuch(
      _ limit: Double, _ factor: Double, _ usual: Double, isLearning: Bool
    ) -> Bool {
      if missed >= limit, missed >= 0.25 * objects, misses >= 0.2 * requests { return true }
      if isLearning || objects <= 1.5 * peak { return false }
      if objects >= 2 * limit, neighbours >= 0.6 * requests { return true }
      return usual > 0 && objects >= 2 * limit && objects >= factor * usual
    }
  }

  /// Closes the window before, and tells how many objects were in it; 0 if none was closed.
  private static func turn(_ caller: inout Caller, _ now: UInt64, _ window: UInt64) -> Double {
    let place = now / max(1, window)
    if place == caller.place { return 0 }
    defer { caller.place = place }
    guard caller.place != 0 else { return 0 }
    let closing = caller.place &* window &+ window &- 1
    let objects = caller.objects.estimate(at: closing, window: window)
    caller.peak = max(caller.peak * 0.99, objects)
    return objects
  }

  private static func count(
    _ caller: inout Caller, _ fact: Observation, isMiss: Bool, _ window: UInt64
  ) {
    caller.requests.add(at: fact.now, window: window)
    caller.objects.insert(fact.shape.object, at: fact.now, window: window)
    if isMiss {
      caller.missed.insert(fact.shape.object, at: fact.now, window: window)
      caller.misses.add(at: fact.now, window: window)
    }
    guard let number = fact.shape.number else { return }
    let last = caller.lastNumber
    let distance = number > last ? number - last : last - number
    if last != 0, distance > 0, distance <= 3 {
      caller.neighbours.add(at: fact.now, window: window)
    }
    caller.lastNumber = number
  }
}
