import Base
import Blueprint
import HTTP
import Telemetry
import Testing

@testable import Detection

/// The engine as a whole: what is damaged, what floods, and what becomes of alerts.
@Suite struct EngineTests {
  private let start: UInt64 = 1_770_091_200_000

  private func settings(_ change: (inout DetectionBlueprint) -> Void = { _ in })
    -> DetectionBlueprint
  {
    var settings = DetectionBlueprint()
    settings.learningMilliseconds = 0
    change(&settings)
    return settings
  }

  private func failedLogin(_ number: Int, at time: UInt64, from address: String) -> ReplayEvent {
    var event = ReplayEvent(
      time: time, address: IPAddress(address) ?? .unspecified, path: "/accounts/me",
      service: "accounts", agent: "curl/8")
    (event.subject, event.credential) = (
      UInt64(number) &* 0x9E37_79B9_7F4A_7C15, UInt64(number + 1)
    )
    (event.status, event.problem) = (401, .credentialsInvalid)
    return event
  }

  private func send(_ events: [ReplayEvent], to engine: DetectionEngine) {
    var blocks = ReplayBlocks()
    for event in events { if let block = blocks.add(event) { engine.receive(block) } }
    if let block = blocks.flush() { engine.receive(block) }
  }

  private func engine(
    _ settings: DetectionBlueprint, machine: @escaping @Sendable () -> UInt64 = { .max },
    _ bin: AlertBin
  ) -> DetectionEngine {
    DetectionEngine(settings, seed: 3, machine: machine, tell: { bin.add($0) })
  }

  @Test func `An attack is one alert from its beginning to its end`() {
    let bin = AlertBin()
    let engine = engine(settings(), bin)
    let attack = (0..<200).map {
      failedLogin($0, at: start + UInt64($0) * 1000, from: "192.0.2.7")
    }
    send(attack, to: engine)
    #expect(bin.all.count == 1)
    let open = bin.all.first
    #expect(open?.detector == .credentialStuffing && open?.state == .open)
    #expect(open?.name == "192.0.2.7" && open?.severity == .high)
    let known = engine.book.all.first
    // What was found again was counted, and not told.
    #expect((known?.suppressed ?? 0) > 150 && known?.count == (known?.suppressed ?? 0) + 1)
    #expect(known?.samples.count == Alert.samplesMax)
    // Half an hour later all is quiet; somebody else's request moves the clock.
    var other = failedLogin(0, at: start + 2_400_000, from: "198.51.100.1")
    (other.status, other.problem) = (200, nil)
    send([other], to: engine)
    #expect(bin.all.map(\.state) == [.open, .closed])
    #expect(engine.book.all.first?.state == .closed)
    // A second attack is another alert.
    send(
      (0..<40).map {
        failedLogin($0, at: start + 2_500_000 + UInt64($0) * 1000, from: "192.0.2.7")
      },
      to: engine)
    #expect(bin.all.map(\.state) == [.open, .closed, .open])
    #expect(Set(bin.all.map(\.id)).count == 2)
  }

  @Test func `An alert that goes on is told again now and then`() {
    let bin = AlertBin()
    let engine = engine(settings { $0.alerts.repeatMilliseconds = 60_000 }, bin)
    send(
      (0..<300).map { failedLogin($0, at: start + UInt64($0) * 1000, from: "192.0.2.7") },
      to: engine)
    #expect(bin.all.map(\.state) == [.open, .ongoing, .ongoing, .ongoing, .ongoing])
  }

  @Test func `Who wavers about the threshold is one alert`() {
    let bin = AlertBin()
    let engine = engine(
      settings { $0.detectors[.passwordSpraying] = off(.passwordSpraying) }, bin)
    var events: [ReplayEvent] = []
    // Twenty at once, and then as many as keep the window at about two thirds of the threshold.
    for number in 0..<20 {
      events.append(failedLogin(number, at: start + UInt64(number) * 100, from: "192.0.2.7"))
    }
    for number in 0..<120 {
      events.append(
        failedLogin(100 + number, at: start + UInt64(number) * 70_000, from: "192.0.2.7"))
    }
    send(events.sorted { $0.time < $1.time }, to: engine)
    #expect(bin.all.count { $0.state == .open } == 1)
  }

  private func off(_ name: DetectorName) -> DetectorBlueprint {
    var detector = DetectorBlueprint(name)
    detector.isOn = false
    return detector
  }

  @Test func `A detector that is off finds nothing`() {
    let bin = AlertBin()
    let engine = engine(
      settings { settings in
        for name in DetectorName.allCases { settings.detectors[name] = off(name) }
        settings.honey.paths = ["/accounts/"]
      }, bin)
    send(
      (0..<200).map { failedLogin($0, at: start + UInt64($0) * 1000, from: "192.0.2.7") },
      to: engine)
    #expect(bin.all.isEmpty)
  }

  @Test func `What is less severe than wanted is kept and not told`() {
    let bin = AlertBin()
    let engine = engine(settings { $0.alerts.least = .critical }, bin)
    send(
      (0..<60).map { failedLogin($0, at: start + UInt64($0) * 1000, from: "192.0.2.7") },
      to: engine)
    #expect(bin.all.isEmpty && engine.book.all.count == 1)
  }

  /// LOG-02: a block that was damaged on the way ends there, and the stream goes on.
  @Test func `A damaged event stops nothing`() {
    let bin = AlertBin()
    let engine = engine(settings(), bin)
    var random = SeededRandom(1)
    var blocks = ReplayBlocks()
    for number in 0..<400 {
      var one = ReplayBlocks()
      _ = one.add(failedLogin(number, at: start + UInt64(number), from: "192.0.2.7"))
      guard let block = one.flush() else { continue }
      var bytes = block.withBytes { bytes in bytes.indices.map { bytes[$0] } }
      for _ in 0..<4 { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      engine.receive(EventBlock(kept: bytes))
      engine.receive(EventBlock(kept: [UInt8](bytes.prefix(random.below(bytes.count)))))
      if let block = blocks.add(failedLogin(number, at: start + 60_000, from: "198.51.100.9")) {
        engine.receive(block)
      }
    }
    if let block = blocks.flush() { engine.receive(block) }
    #expect(engine.counts.damaged > 0)
    #expect(engine.book.all.contains { $0.name == "198.51.100.9" })
  }

  @Test func `Figures that no request has do no harm`() {
    let bin = AlertBin()
    let engine = engine(settings(), bin)
    let amounts: [UInt64] = [.max, .max - 1, 1 << 63, 0]
    for amount in amounts {
      var events: [ReplayEvent] = []
      for number in 0..<300 {
        var event = failedLogin(number, at: start + UInt64(number) * 4000, from: "192.0.2.7")
        (event.status, event.problem, event.consumer) = (200, nil, "c\(number % 3)")
        (event.bytesOut, event.upstreamMicroseconds) = (amount, amount / 2)
        event.path = "/x/\(amount - min(amount, UInt64(number)))"
        events.append(event)
      }
      send(events, to: engine)
    }
    #expect(engine.counts.events == 1200)
  }

  @Test func `An event that claims to be of another time moves the clock no further than it may`() {
    let bin = AlertBin()
    let now = start + 600_000
    let engine = engine(settings(), machine: { now }, bin)
    var odd = failedLogin(1, at: .max, from: "203.0.113.1")
    send([odd], to: engine)
    odd.time = 0
    send([odd], to: engine)
    send(
      (0..<60).map { failedLogin($0, at: now + UInt64($0) * 1000, from: "192.0.2.7") }, to: engine)
    #expect(bin.all.first?.name == "192.0.2.7")
    #expect((bin.all.first?.firstMilliseconds ?? .max) <= now + StreamClock.aheadMax)
  }

  /// LOG-02: what others chose stays within its line.
  @Test func `Samples hold no query and no controls`() throws {
    let bin = AlertBin()
    let engine = engine(settings { $0.honey.paths = ["/backup/"] }, bin)
    var event = failedLogin(1, at: start, from: "192.0.2.7")
    event.path = "/backup/\n\u{1B}[31mred\u{7F}" + String(repeating: "x", count: 900)
    send([event], to: engine)
    let sample = try #require(bin.all.first?.samples.first)
    #expect(sample.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    #expect(sample.count <= Alert.sampleBytesMax)
    #expect(bin.all.first?.severity == .critical)
  }

  @Test func `Names and consumers that are honey are seen by what events have of them`() {
    let bin = AlertBin()
    let engine = engine(
      settings {
        $0.honey.names = ["root"]
        $0.honey.consumers = ["ghost"]
      }, bin)
    var event = failedLogin(1, at: start, from: "192.0.2.7")
    event.subject = UInt64(UInt(bitPattern: "root".hashValue))
    send([event], to: engine)
    event.address = IPAddress("192.0.2.8") ?? .unspecified
    (event.subject, event.consumer, event.status, event.problem) = (0, "ghost", 200, nil)
    send([event], to: engine)
    #expect(Set(bin.all.map(\.name)) == ["192.0.2.7", "192.0.2.8"])
    #expect(bin.all.allSatisfy { $0.detector == .honey })
  }

  /// DOS-01, AVL-03: nobody fills the memory with callers, paths, names or alerts.
  @Test func `A flood of what differs in everything grows nothing`() {
    let bin = AlertBin()
    let engine = engine(settings(), bin)
    let bytes = engine.bytesHeld
    var blocks = ReplayBlocks()
    var random = SeededRandom(9)
    for number in 0..<60_000 {
      var event = failedLogin(number, at: start + UInt64(number), from: "0.0.0.0")
      event.address = IPAddress(high: random.next(), low: random.next())
      event.path = "/p\(random.next())/\(random.next())/q\(random.next())"
      event.agent = "agent\(random.next())"
      event.service = "service\(random.next())"
      if number % 2 == 0 {
        (event.status, event.problem, event.consumer) = (200, nil, "c\(random.next())")
      }
      if let block = blocks.add(event) { engine.receive(block) }
    }
    #expect(engine.bytesHeld == bytes)
    #expect(bytes < 64 << 20, "\(bytes)")
    #expect(engine.endpoints.count <= EndpointCatalogue.endpointsMax)
    #expect(engine.book.all.count <= AlertBook.openMax + AlertBook.closedMax)
  }

  /// Who makes very many alerts drowns none of those of other detectors.
  @Test func `Alerts of one detector are made so many and no more`() {
    let bin = AlertBin()
    let engine = engine(settings { $0.honey.paths = ["/backup/"] }, bin)
    for source in 0..<200 {
      var event = failedLogin(1, at: start + UInt64(source), from: "192.0.2.7")
      event.address = IPAddress(v4: 0x0A00_0000 + UInt32(source) * 256)
      event.path = "/backup/x"
      send([event], to: engine)
    }
    #expect(bin.all.count { $0.detector == .honey } == AlertBook.newMax)
    #expect(engine.book.overflow == UInt64(200 - AlertBook.newMax))
    send(
      (0..<60).map { failedLogin($0, at: start + 300 + UInt64($0), from: "198.51.100.7") },
      to: engine)
    #expect(bin.all.contains { $0.detector == .credentialStuffing })
  }

  @Test func `Findings and whom was turned away are no requests`() {
    let bin = AlertBin()
    let engine = engine(settings(), bin)
    let stream = EventStream(node: "test")
    #expect(stream.attach(engine))
    EventDesk(stream).publish(
      EventFinding(severity: 4, detector: "x", title: "y", evidence: "z"))
    stream.close()
    #expect(engine.counts.events == 0)
  }
}
