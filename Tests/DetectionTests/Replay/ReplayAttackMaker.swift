import Base
import Blueprint
import HTTP

/// Makes attacks, each otherwise than the one before: larger and smaller, faster and slower.
struct ReplayAttackMaker {
  var random: SeededRandom
  let world: ReplayWorld
  private var addressCount = 0

  init(seed: UInt64, _ world: ReplayWorld) {
    random = SeededRandom(seed ^ 0xA77A)
    self.world = world
  }

  private static let tools = [
    "python-requests/2.31", "Go-http-client/1.1", "curl/8.5.0", "okhttp/4.12",
  ]

  mutating func address() -> IPAddress {
    var world = world
    addressCount += 1
    return world.address(200_000 + addressCount + Int(random.next() % 1_000_000) * 7)
  }

  mutating func addresses(_ count: Int, inOneNetwork: Bool) -> [IPAddress] {
    let network = address().masked(to: 24)
    return (0..<count).map { place in
      inOneNetwork
        ? IPAddress(high: network.high, low: network.low + UInt64(1 + place)) : address()
    }
  }

  /// An attack that begins at a time.
  mutating func make(_ kind: DetectorName, at start: UInt64) -> ReplayAttack {
    var attack = ReplayAttack(kind, start: start)
    switch kind {
    case .credentialStuffing: stuff(&attack)
    case .passwordSpraying: spray(&attack)
    case .passwordGuessing: guessPassword(&attack)
    case .keyGuessing: guessKeys(&attack)
    case .objectEnumeration: enumerate(&attack)
    case .functionProbing: probe(&attack)
    case .scanner: scan(&attack)
    case .scraping: scrape(&attack)
    case .rateEvasion: evade(&attack)
    case .tokenReplay: replay(&attack)
    case .honey: touchHoney(&attack)
    case .newEndpoint: release(&attack, "/shop/v\(random.within(20...99))x/export")
    case .shadowEndpoint: release(&attack, "/reports/internal\(random.below(1000))x/dump")
    default: break
    }
    return attack
  }

  private func event(_ attack: ReplayAttack, _ time: UInt64, _ address: IPAddress) -> ReplayEvent {
    ReplayEvent(
      time: time, address: address, path: "/", service: "shop", agent: Self.tools[0])
  }

  /// Steps of a mean length, in milliseconds.
  private mutating func step(_ mean: Double) -> UInt64 { UInt64(random.within(0.3, 1.7) * mean) }

  private mutating func stuff(_ attack: inout ReplayAttack) {
    let isSpread = random.happens(0.3)
    let sources = addresses(isSpread ? random.within(4...12) : 1, inOneNetwork: true)
    let (mean, agent) = (random.within(100, 6000), random.pick(Self.tools))
    var time = attack.start
    attack.also = [.passwordSpraying]
    attack.service = "accounts"
    for _ in 0..<random.within(30...120) {
      var event = event(attack, time, random.pick(sources))
      (event.service, event.path, event.agent) = ("accounts", "/accounts/me", agent)
      (event.subject, event.credential) = (random.next(), random.next())
      if random.happens(0.015) {
        event.consumer = "person\(random.below(400))"
        event.bytesOut = 900
      } else {
        world.refuse(&event, 401, .credentialsInvalid)
      }
      attack.add(event)
      time += step(mean)
    }
  }

  private mutating func spray(_ attack: inout ReplayAttack) {
    let isOne = random.happens(0.4)
    let sources = addresses(isOne ? 1 : random.within(15...60), inOneNetwork: false)
    let mean = isOne ? random.within(60_000, 150_000) : random.within(3_000, 10_000)
    var time = attack.start
    attack.also = [.credentialStuffing]
    attack.service = "accounts"
    for _ in 0..<(isOne ? random.within(25...50) : random.within(70...150)) {
      var event = event(attack, time, random.pick(sources))
      (event.service, event.path) = ("accounts", "/accounts/me")
      event.agent = random.pick(ReplayWorld.agents)
      (event.subject, event.credential) = (random.next(), random.next())
      world.refuse(&event, 401, .credentialsInvalid)
      attack.add(event)
      time += step(mean)
    }
  }

  private mutating func guessPassword(_ attack: inout ReplayAttack) {
    let sources = addresses(random.within(1...20), inOneNetwork: false)
    let (subject, mean) = (random.next(), random.within(500, 15_000))
    var time = attack.start
    attack.service = "accounts"
    for _ in 0..<random.within(25...80) {
      var event = event(attack, time, random.pick(sources))
      (event.service, event.path) = ("accounts", "/accounts/me")
      (event.subject, event.credential) = (subject, random.next())
      world.refuse(&event, 401, .credentialsInvalid)
      attack.add(event)
      time += step(mean)
    }
  }

  private mutating func guessKeys(_ attack: inout ReplayAttack) {
    let isSpread = random.happens(0.3)
    let sources = addresses(isSpread ? random.within(3...10) : 1, inOneNetwork: true)
    let mean = random.within(50, 8000)
    var time = attack.start
    for _ in 0..<random.within(30...120) {
      var event = event(attack, time, random.pick(sources))
      (event.path, event.credential) = ("/shop/stock", random.next())
      world.refuse(&event, 401, .credentialsInvalid)
      attack.add(event)
      time += step(mean)
    }
  }

  private mutating func enumerate(_ attack: inout ReplayAttack) {
    let person = random.pick(world.people)
    attack.consumer = person.name
    let style = random.below(3)
    let mean = random.within(100, 3500)
    var (time, number) = (attack.start, random.within(1...300_000))
    let misses = random.within(0.35, 0.95)
    for _ in 0..<random.within(60...140) {
      var event = event(attack, time, person.current)
      (event.consumer, event.credential, event.agent) = (person.name, person.token, person.agent)
      event.bytesOut = 1_700
      switch style {
      case 0:
        // One after another, and all are given: nobody checks whose they are.
        number += 1
        event.path = "/shop/orders/\(number)"
      case 1:
        event.path = "/shop/orders/\(random.within(1...400_000))"
        if random.happens(misses) { world.answer(&event, random.happens(0.7) ? 403 : 404) }
      default:
        event.path = "/shop/customers/\(ReplayWorld.uuid(&random))/profile"
        if random.happens(misses) { world.answer(&event, 404) }
      }
      attack.add(event)
      time += step(mean)
    }
    attack.addresses = []
  }

  private static let functions = [
    "/shop/admin/users", "/shop/admin/orders", "/shop/admin/refunds", "/shop/admin/settings",
    "/shop/admin/audit", "/shop/prices", "/shop/stock", "/shop/coupons", "/shop/exports",
    "/accounts/roles", "/accounts/admins", "/reports/finance", "/reports/staff", "/shop/webhooks",
  ]

  private mutating func probe(_ attack: inout ReplayAttack) {
    let person = random.pick(world.people)
    attack.consumer = person.name
    attack.also = [.scanner]
    let mean = random.within(200, 20_000)
    var time = attack.start
    for _ in 0..<random.within(15...40) {
      var event = event(attack, time, person.current)
      (event.consumer, event.credential, event.agent) = (person.name, person.token, person.agent)
      event.path = random.pick(Self.functions)
      event.method = random.pick([.get, .post, .put, .delete])
      if random.happens(0.8) {
        world.answer(&event, 403)
      } else if random.happens(0.5) {
        world.answer(&event, 405)
      } else {
        event.bytesOut = 700
      }
      attack.add(event)
      time += step(mean)
    }
  }

  private mutating func scan(_ attack: inout ReplayAttack) {
    let source = address()
    let style = random.below(3)
    let mean = random.within(30, 5000)
    attack.also = [.functionProbing]
    var time = attack.start
    for _ in 0..<random.within(30...120) {
      var event = event(attack, time, source)
      event.agent =
        style == 0
        ? random.pick(["Nuclei - v3", "sqlmap/1.8", "Mozilla/5.0 (Nikto/2.5.0)"])
        : random.pick(ReplayWorld.agents)
      event.path =
        style == 1
        ? random.pick(["/.env", "/.git/config", "/wp-login.php", "/actuator/env", "/backup.zip"])
        : "/shop/\(random.pick(["api", "old", "test", "dev", "tmp"]))\(word())"
      world.answer(&event, random.happens(0.9) ? 404 : 400)
      attack.add(event)
      time += step(mean)
    }
  }

  private mutating func word() -> String {
    String((0..<6).map { _ in random.pick(Array("abcdefghijklmnopqrstuvwxyz")) })
  }

  private mutating func scrape(_ attack: inout ReplayAttack) {
    let person = random.pick(world.people)
    attack.consumer = person.name
    attack.also = [.objectEnumeration]
    let (mean, size) = (random.within(200, 3000), random.within(150_000, 900_000))
    let isFiles = random.happens(0.5)
    var time = attack.start
    for _ in 0..<random.within(60...140) {
      var event = event(attack, time, person.current)
      (event.consumer, event.credential, event.agent) = (person.name, person.token, person.agent)
      event.path = isFiles ? "/files/\(word())9f3a1c2b" : "/shop/products"
      event.service = isFiles ? "files" : "shop"
      event.bytesOut = UInt64(random.within(0.7, 1.3) * size)
      if isFiles { event.type = "image/webp" }
      attack.add(event)
      time += step(mean)
    }
    attack.addresses = []
  }

  private mutating func evade(_ attack: inout ReplayAttack) {
    let person = random.pick(world.people)
    attack.consumer = person.name
    attack.also = [.tokenReplay]
    let sources = addresses(random.within(15...60), inOneNetwork: false)
    let mean = random.within(200, 5000)
    var time = attack.start
    for _ in 0..<random.within(60...140) {
      var event = event(attack, time, random.pick(sources))
      (event.consumer, event.credential) = (person.name, person.token)
      event.path = "/shop/products"
      event.bytesOut = 9_000
      attack.add(event)
      time += step(mean)
    }
  }

  private mutating func replay(_ attack: inout ReplayAttack) {
    // Of somebody who is active: who sleeps is not there at once.
    let person = world.people.filter { $0.weight > 0.9 }.randomElementBy(&random)
    attack.consumer = person.name
    attack.credential = person.token
    let source = address()
    let mean = random.within(1000, 10_000)
    let agent = random.pick(Self.tools)
    var time = attack.start
    for _ in 0..<random.within(30...80) {
      var event = event(attack, time, source)
      (event.consumer, event.credential, event.agent) = (person.name, person.token, agent)
      event.path = "/shop/customers/\(person.profile)/profile"
      event.bytesOut = 1_100
      attack.add(event)
      time += step(mean)
      // The owner goes on meanwhile.
      if random.happens(0.35) {
        var own = event
        (own.time, own.address, own.agent) = (time, person.current, person.agent)
        own.path = "/shop/products"
        attack.add(own)
      }
    }
  }

  private mutating func touchHoney(_ attack: inout ReplayAttack) {
    let source = address()
    var event = event(attack, attack.start, source)
    switch random.below(2) {
    case 0:
      event.path = "/backup/2024.tar"
      world.answer(&event, 404)
    default:
      (event.consumer, event.credential, event.path) = ("ghost", 77, "/shop/stock")
    }
    attack.add(event)
  }

  private mutating func release(_ attack: inout ReplayAttack, _ path: String) {
    attack.service = path.hasPrefix("/shop") ? "shop" : "reports"
    attack.also = [.newEndpoint]
    var time = attack.start
    for _ in 0..<8 {
      let person = random.pick(world.people)
      var event = event(attack, time, person.current)
      (event.consumer, event.credential, event.agent) = (person.name, person.token, person.agent)
      (event.path, event.service) = (path, attack.service)
      event.bytesOut = 3_000
      attack.add(event)
      time += step(20_000)
    }
    attack.addresses = []
  }
}

extension Array {
  fileprivate func randomElementBy(_ random: inout SeededRandom) -> Element {
    random.pick(self)
  }
}
