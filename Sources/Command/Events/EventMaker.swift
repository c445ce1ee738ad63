import Base
import HTTP
import Telemetry

/// Makes events up, to measure with.
struct EventMaker {
  /// 2026-01-01.
  static let begin: UInt64 = 1_767_225_600_000
  /// Between two events.
  static let stepMilliseconds: UInt64 = 5

  private static let agents = (0..<60).map {
    Array("Mozilla/5.0 (X11; Linux x86_64; rv:\($0).0) Gecko/20100101 Firefox/\($0).0".utf8)
  }
  private static let consumers = (0..<1000).map { Array("consumer-\($0)".utf8) }
  private static let routes = (0..<40).map { Array("route-\($0)".utf8) }
  private static let templates = (0..<40).map { Array("/v1/route-\($0)/{id}".utf8) }

  private var state: UInt64 = 7
  private var number: UInt64 = 0

  init() {}

  /// The next of a sequence that is the same each time (SplitMix64).
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below `count`, small ones far more often.
  private mutating func uneven(_ count: Int) -> Int {
    let share = Double(next() >> 11) / 0x1p53
    return min(count - 1, Int(share * share * share * Double(count)))
  }

  mutating func append(to buffer: EventBuffer) {
    let (consumer, route) = (uneven(1000), uneven(40))
    var record = EventRecord()
    record.wallMilliseconds = EventMaker.begin + number * EventMaker.stepMilliseconds
    // Two or three addresses for each consumer.
    record.client = IPAddress(
      v4: 0x0A07_0000 + UInt32(consumer) * 3 + UInt32(next() % 3))
    record.method = next() % 4 == 0 ? .post : .get
    let chance = next() % 1000
    record.status = chance < 930 ? 200 : chance < 970 ? 404 : chance < 995 ? 401 : 500
    if record.status == 401 { record.problem = .credentialsInvalid }
    record.durationMicroseconds = 800 + next() % 4096 + (next() % 64 == 0 ? next() % 200_000 : 0)
    record.upstreamMicroseconds = record.durationMicroseconds - next() % 512
    record.bytesIn = record.method == .post ? 200 + next() % 400 : 0
    record.bytesOut = 300 + next() % 2000
    record.credential = UInt64(consumer) &* 0x9E37_79B9_7F4A_7C15
    record.shown = 1
    if number % 2 == 0 {
      record.trace = (next(), next())
      record.span = next()
    }
    number += 1
    var head = RequestHead()
    head.methodText = head.fields.store(record.method == .post ? "POST" : "GET")
    head.host = head.fields.store("api.example.com")
    let path = Array("/v1/route-\(route)/\(100_000 + next() % 900_000)".utf8)
    head.path = head.fields.store(path.span)
    let name = Array(EventMaker.hex(next()) + EventMaker.hex(next()))
    let agent = EventMaker.agents[consumer % 60]
    head.fields.append(.userAgent, agent.span)
    let caller = EventMaker.consumers[consumer]
    let (way, template) = (EventMaker.routes[route], EventMaker.templates[route])
    let (service, upstream) = (Array("shop".utf8), Array("10.0.0.5:8080".utf8))
    let nothing = Span<UInt8>()
    var texts = EventTexts(
      route: way.span, service: service.span, template: template.span, consumer: caller.span,
      upstream: upstream.span, policy: nothing, detail: nothing, responseType: nothing)
    texts.requestID = head.fields.store(name.span)
    texts.tlsVersion = "TLSv1.3"
    texts.cipher = "TLS_AES_128_GCM_SHA256"
    buffer.append(record, texts, request: head)
  }

  private static func hex(_ word: UInt64) -> [UInt8] {
    (0..<16).map { place in
      let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * place)) & 15
      return nibble + (nibble < 10 ? 0x30 : 0x57)
    }
  }
}
