import Base
import Blueprint
import HTTP
import Telemetry

@testable import Detection

/// Ordinary traffic with attacks in it, run through the engine, and the alerts held against what
/// is known to be an attack.
struct Replay {
  /// What came of the attacks and alerts of one detector.
  struct Score {
    var attacks = 0
    var found = 0
    var alerts = 0
    var wrong = 0
    var seconds: [Double] = []
    var events: [Int] = []

    var recall: Double { attacks == 0 ? 1 : Double(found) / Double(attacks) }
    var precision: Double { alerts == 0 ? 1 : Double(alerts - wrong) / Double(alerts) }

    mutating func add(_ other: Score) {
      attacks += other.attacks
      found += other.found
      alerts += other.alerts
      wrong += other.wrong
      seconds += other.seconds
      events += other.events
    }
  }

  /// Milliseconds since 1970 of the first event.
  static let start: UInt64 = 1_770_091_200_000

  var seed: UInt64
  /// Ordinary requests, and how many there are of them in a second.
  var requests: Int
  var rate: Double
  var kinds: [DetectorName]

  private(set) var scores: [DetectorName: Score] = [:]
  private(set) var attackEvents = 0
  private(set) var incidentEvents = 0
  private(set) var wrongAlerts: [String] = []
  private(set) var missed: [String] = []

  init(seed: UInt64, requests: Int, rate: Double, kinds: [DetectorName]) {
    self.seed = seed
    self.requests = requests
    self.rate = rate
    self.kinds = kinds
  }

  static func settings() -> DetectionBlueprint {
    var settings = DetectionBlueprint()
    settings.honey.paths = ["/backup/"]
    settings.honey.consumers = ["ghost"]
    return settings
  }

  mutating func run() {
    var world = ReplayWorld(seed: seed, start: Self.start)
    var attacks = makeAttacks(&world)
    let told = AlertBin()
    let engine = DetectionEngine(
      Self.settings(), seed: seed, machine: { .max }, tell: { told.add($0) })
    engine.describe(Self.described)
    var planned = attacks.flatMap(\.events).sorted { $0.time < $1.time }[...]
    var blocks = ReplayBlocks()
    func send(_ event: ReplayEvent) {
      if let block = blocks.add(event) { engine.receive(block) }
    }
    var time = Double(Self.start)
    for _ in 0..<requests {
      time += world.random.within(0, 2) * 1000 / rate
      while let first = planned.first, first.time <= UInt64(time) {
        attackEvents += 1
        send(planned.removeFirst())
      }
      let event = world.next(at: UInt64(time))
      if event.attack >= 0 {
        incidentEvents += 1
        attacks[event.attack].end = max(attacks[event.attack].end, event.time)
      }
      send(event)
    }
    if let last = blocks.flush() { engine.receive(last) }
    judge(told.all, attacks)
  }

  /// All the operations of one service, so that others of it are shadows.
  static let described = [
    DescribedEndpoint(service: "reports", method: "GET", template: "/reports/daily"),
    DescribedEndpoint(service: "reports", method: "GET", template: "/reports/daily/rows"),
  ]

  private func makeAttacks(_ world: inout ReplayWorld) -> [ReplayAttack] {
    var maker = ReplayAttackMaker(seed: seed, world)
    let length = Double(requests) / rate * 1000
    // After the hour of learning, one after another.
    let first = Double(Self.start) + 4_200_000
    let room = (Double(Self.start) + length - 600_000 - first) / Double(max(1, kinds.count))
    var attacks: [ReplayAttack] = []
    for (place, kind) in kinds.enumerated() {
      let start = UInt64(first + room * (Double(place) + maker.random.within(0, 0.3)))
      var attack = maker.make(kind, at: start)
      if let incident = incident(kind, attacks.count, start, &maker.random) {
        attack.service = incident.service
        world.incidents.append(incident)
      }
      for event in attack.events.indices { attack.events[event].attack = attacks.count }
      attacks.append(attack)
    }
    return attacks
  }

  private func incident(
    _ kind: DetectorName, _ attack: Int, _ start: UInt64, _ random: inout SeededRandom
  ) -> ReplayIncident? {
    func made(
      _ kind: ReplayIncident.Kind, _ prefix: String, _ minutes: Double, _ amount: Double
    ) -> ReplayIncident {
      ReplayIncident(
        kind: kind, attack: attack, service: "shop", prefix: prefix, start: start,
        end: start + UInt64(minutes * 60_000), amount: amount)
    }
    switch kind {
    case .errorSpike:
      return made(.failing, "/shop", random.within(2, 5), random.within(0.15, 0.6))
    case .latencySpike: return made(.slow, "/shop", random.within(2, 5), random.within(4, 12))
    case .responseChange:
      let isType = random.happens(0.3)
      let prefix = random.pick(["/shop/products", "/shop/orders", "/shop/customers"])
      return made(isType ? .otherType : .larger, prefix, 30, random.within(3, 8))
    default: return nil
    }
  }

  // MARK: Judging

  private mutating func judge(_ alerts: [Alert], _ attacks: [ReplayAttack]) {
    // Only what opens an alert counts; what repeats or closes it says nothing new.
    let opened = alerts.filter { $0.state == .open }
    for attack in attacks {
      var score = scores[attack.kind] ?? Score()
      score.attacks += 1
      let found = opened.filter { $0.detector == attack.kind && Self.fits($0, attack) }
        .min { $0.firstMilliseconds < $1.firstMilliseconds }
      if let found {
        score.found += 1
        let late = found.firstMilliseconds - min(found.firstMilliseconds, attack.start)
        score.seconds.append(Double(late) / 1000)
        score.events.append(attack.events.count { $0.time <= found.firstMilliseconds })
      } else {
        missed.append(
          "\(seed) \(attack.kind.rawValue) \(attack.events.count) events over "
            + "\((attack.end - attack.start) / 1000) s from \(attack.addresses.count)")
      }
      scores[attack.kind] = score
    }
    for alert in opened {
      scores[alert.detector, default: Score()].alerts += 1
      if attacks.contains(where: { Self.fits(alert, $0) }) { continue }
      scores[alert.detector, default: Score()].wrong += 1
      wrongAlerts.append(
        "\(seed) \(alert.detector.rawValue) \(alert.name) at "
          + "\((alert.firstMilliseconds - Self.start) / 1000) s \(alert.figures.map(\.value))")
    }
  }

  /// Whether an alert tells of an attack: its time, and its doer or its service.
  private static func fits(_ alert: Alert, _ attack: ReplayAttack) -> Bool {
    guard alert.firstMilliseconds >= attack.start,
      alert.firstMilliseconds <= attack.end + 600_000
    else { return false }
    let isKind = alert.detector == attack.kind || attack.also.contains(alert.detector)
    switch alert.subject {
    case .service: return isKind && alert.service == attack.service
    case .endpoint: return isKind && alert.service == attack.service
    default:
      if let client = alert.client, attack.addresses.contains(client) { return true }
      return !attack.consumer.isEmpty && alert.consumer == attack.consumer
    }
  }
}
