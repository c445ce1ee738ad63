import Base
import HTTP

/// The ordinary traffic of a replay: people with sessions, at home, at work behind one address, on
/// the move; programs with keys, alone and in fleets; crawlers; slips, expired tokens, old keys,
/// lacking permissions, and services that fail a little.
struct ReplayWorld {
  struct Person {
    var name: String
    var weight: Double
    var home, mobile, current: IPAddress
    var agent: String
    var token: UInt64
    var tokenSince: UInt64
    var orders: [Int]
    var profile: String
    var usesPassword: Bool
    var subject: UInt64
    var password: UInt64
  }

  struct Machine {
    var name: String
    var key: UInt64
    var addresses: [IPAddress]
    var agents: [String]
    var kind: Int
    var cursor = 0
    var until: UInt64 = 0
  }

  var random: SeededRandom
  let start: UInt64
  var people: [Person] = []
  var machines: [Machine] = []
  private var weights: [Double] = []
  /// What changes what services answer for a time.
  var incidents: [ReplayIncident] = []

  static let agents = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "ShopApp/5.2 (Android 14)", "ShopApp/5.1 (Android 13)", "ShopApp/5.2 (iOS 17)",
  ]

  init(seed: UInt64, start: UInt64) {
    random = SeededRandom(seed)
    self.start = start
    let offices = (0..<6).map { address(10_000 + $0) }
    for number in 0..<420 {
      let isAtWork = random.happens(0.25)
      let home = isAtWork ? random.pick(offices) : address(20_000 + number)
      let weight = random.within(0.1, 1) * random.within(0.1, 1) * 4
      people.append(
        Person(
          name: "person\(number)", weight: weight, home: home,
          mobile: address(50_000 + random.below(40)), current: home,
          agent: random.pick(ReplayWorld.agents), token: random.next(), tokenSince: start,
          orders: (0..<random.within(3...30)).map { _ in random.within(1...400_000) },
          profile: ReplayWorld.uuid(&random), usesPassword: random.happens(0.3),
          subject: random.next(), password: random.next()))
      weights.append((weights.last ?? 0) + weight)
    }
    for kind in 0..<8 { machines.append(machine(kind)) }
  }

  mutating func address(_ number: Int) -> IPAddress {
    // Spread over networks, as the addresses of strangers are.
    var spread = SeededRandom(UInt64(number))
    return IPAddress(v4: UInt32(truncatingIfNeeded: spread.next() >> 16) | 0x0100_0000)
  }

  static func uuid(_ random: inout SeededRandom) -> String {
    var text = ""
    for place in 0..<32 {
      if [8, 12, 16, 20].contains(place) { text += "-" }
      text += String(random.below(16), radix: 16)
    }
    return text
  }

  private mutating func machine(_ kind: Int) -> Machine {
    let count = [12, 24, 1, 1, 2, 1, 1, 3][kind]
    let networks = (0..<max(1, count / 4)).map { address(80_000 + kind * 100 + $0) }
    let addresses = (0..<count).map { place -> IPAddress in
      let network = networks[place % networks.count].masked(to: 24)
      return IPAddress(high: network.high, low: network.low + UInt64(10 + place))
    }
    var machine = Machine(
      name: "machine\(kind)", key: random.next(), addresses: addresses,
      agents: ["client-\(kind)/1.0"], kind: kind)
    // A backend and a script of the same owner share a key.
    if kind == 4 {
      machine.addresses = [address(90_001), address(90_002)]
      machine.agents = ["backend/3", "curl/8.5"]
    }
    return machine
  }

  // MARK: Requests

  /// The next request of anybody.
  mutating func next(at time: UInt64) -> ReplayEvent {
    let draw = random.share()
    var event: ReplayEvent
    if draw < 0.72 {
      event = personal(time)
    } else if draw < 0.95 {
      event = mechanical(time)
    } else {
      event = crawling(time)
    }
    settle(&event)
    return event
  }

  /// What services make of it: time, failures, and what goes on at the moment.
  private mutating func settle(_ event: inout ReplayEvent) {
    if event.problem != nil { return }
    let median = ["shop": 9_000.0, "accounts": 14_000, "reports": 60_000, "files": 25_000]
    let spread = random.normal() * 0.8
    // Two to the power of a small number, near enough.
    let factor = spread >= 0 ? 1 + spread * 0.8 : 1 / (1 - spread * 0.8)
    event.upstreamMicroseconds = UInt64((median[event.service] ?? 10_000) * factor)
    if random.happens(0.002) { event.upstreamMicroseconds *= 20 }
    if event.status < 400, random.happens(0.003) {
      event.status = 502
      event.bytesOut = 120
    }
    for incident in incidents { incident.change(&event, &random) }
  }

  private mutating func personal(_ time: UInt64) -> ReplayEvent {
    let draw = random.share() * (weights.last ?? 1)
    let place = weights.firstIndex { $0 >= draw } ?? 0
    var person = people[place]
    defer { people[place] = person }
    // Moves, new versions, new tokens.
    if random.happens(0.004) {
      person.current = person.current == person.home ? person.mobile : person.home
    }
    if random.happens(0.000_5) { person.agent = random.pick(ReplayWorld.agents) }
    var event = ReplayEvent(
      time: time, address: person.current, path: "", service: "shop", consumer: person.name,
      agent: person.agent, credential: person.token)
    if time > person.tokenSince + 3_600_000 {
      // The old one is tried once more, and refused.
      person.token = random.next()
      person.tokenSince = time
      event.consumer = ""
      refuse(&event, 401, .credentialsInvalid)
      event.path = "/shop/orders/\(random.pick(person.orders))"
      return event
    }
    if person.usesPassword, random.happens(0.12) { return account(event, &person) }
    shopping(&event, person)
    return event
  }

  private mutating func account(_ start: ReplayEvent, _ person: inout Person) -> ReplayEvent {
    var event = start
    event.service = "accounts"
    event.path = random.happens(0.5) ? "/accounts/me" : "/accounts/me/addresses"
    event.subject = person.subject
    event.credential = person.password
    event.bytesOut = size(900)
    if random.happens(0.04) {
      event.consumer = ""
      event.credential = random.next()
      if random.happens(0.2) { event.subject = random.next() }
      refuse(&event, 401, .credentialsInvalid)
    }
    return event
  }

  private mutating func shopping(_ event: inout ReplayEvent, _ person: Person) {
    switch random.below(20) {
    case 0..<4:
      event.path = "/shop/products"
      event.bytesOut = size(9_000)
    case 4..<11:
      // Some are asked for far more than others.
      let number = Int(random.share() * random.share() * 2000) + 1
      event.path = "/shop/products/\(number)"
      event.bytesOut = size(2_400)
      if random.happens(0.012) { answer(&event, 404) }
    case 11..<15:
      event.path = "/shop/orders/\(random.pick(person.orders))"
      event.bytesOut = size(1_700)
      if random.happens(0.004) { answer(&event, random.happens(0.5) ? 403 : 404) }
    case 15:
      event.path = "/shop/orders"
      event.method = .post
      event.status = random.happens(0.03) ? 422 : 201
      event.bytesOut = size(600)
    case 16, 17:
      event.path = "/shop/customers/\(person.profile)/profile"
      event.bytesOut = size(1_100)
    case 18:
      event.path = "/shop/cart/items"
      event.method = random.happens(0.5) ? .get : .put
      event.bytesOut = size(800)
    default:
      event.service = "files"
      event.path = "/files/\(person.profile.prefix(8))\(random.below(20))aa"
      event.bytesOut = size(40_000)
      event.type = "image/webp"
    }
    if random.happens(0.000_5) { answer(&event, 403) }
  }

  private mutating func mechanical(_ time: UInt64) -> ReplayEvent {
    let place = random.pick([0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 7])
    var machine = machines[place]
    defer { machines[place] = machine }
    let who = random.below(machine.addresses.count)
    var event = ReplayEvent(
      time: time, address: machine.addresses[who], path: "/shop/products", service: "shop",
      consumer: machine.name, agent: machine.agents[who % machine.agents.count],
      credential: machine.key)
    switch machine.kind {
    case 2:
      // Copies orders one after another, for some minutes of each half hour.
      if time / 1_800_000 != machine.until {
        machine.until = time / 1_800_000
        machine.cursor = random.within(1...300_000)
      }
      machine.cursor += 1
      event.path = "/shop/orders/\(machine.cursor)"
      event.bytesOut = size(1_700)
    case 3:
      event.service = "reports"
      event.path = "/reports/daily/rows"
      event.bytesOut = size(300_000)
    case 5:
      event.path = random.happens(0.5) ? "/shop/prices" : "/shop/stock"
      event.method = .put
      answer(&event, 403)
      event.problem = .accessDenied
    case 6:
      // A key that was rotated away, long ago.
      event.consumer = ""
      refuse(&event, 401, .credentialsInvalid)
    default:
      event.path =
        random.happens(0.6)
        ? "/shop/orders/\(random.within(1...40) * 997 + machine.kind)" : "/shop/stock"
      event.bytesOut = size(1_500)
      if random.happens(0.01) { answer(&event, 404) }
    }
    return event
  }

  private mutating func crawling(_ time: UInt64) -> ReplayEvent {
    let who = random.below(4)
    let number = random.within(1...2000)
    var event = ReplayEvent(
      time: time, address: address(95_000 + who), path: "/shop/products/\(number)",
      service: "shop", agent: "crawler-\(who)/2.1 (+https://crawler.test)")
    event.bytesOut = size(2_400)
    if random.happens(0.05) { answer(&event, 404) }
    if who == 3, random.happens(0.5) {
      event.path = "/reports/daily"
      event.service = "reports"
      event.bytesOut = size(3_000)
    }
    return event
  }

  mutating func size(_ middle: Double) -> UInt64 {
    UInt64(max(40, middle * (1 + 0.25 * random.normal())))
  }

  func answer(_ event: inout ReplayEvent, _ status: Int) {
    event.status = status
    event.bytesOut = 150
  }

  func refuse(_ event: inout ReplayEvent, _ status: Int, _ problem: Problem) {
    event.status = status
    event.problem = problem
    event.bytesOut = 130
  }
}
