import Base
import HTTP
import Telemetry

/// Makes observations of events.
struct Observer: Sendable {
  let mix: KeyMix
  private(set) var clock = StreamClock()
  private(set) var shaper: PathShaper

  init(mix: KeyMix) {
    self.mix = mix
    shaper = PathShaper(mix: mix)
  }

  var now: UInt64 { clock.now }

  /// Takes the time of the machine, beyond which no event is believed to be.
  mutating func look(at machine: UInt64) { clock.machine = machine }

  /// Takes over the templates of descriptions.
  mutating func describe(_ endpoints: [DescribedEndpoint]) {
    let mix = mix
    shaper.describe(endpoints.map { ($0.template, mix.key($0.service)) })
  }

  /// What an exchange is to detectors; nil if the event is of another kind.
  mutating func observe(_ event: borrowing Event) -> Observation? {
    guard event.kind == .exchange else { return nil }
    var fact = Observation()
    fact.now = clock.advance(to: event.wallMilliseconds)
    fact.client = event.client
    let address = fact.client.limitKey
    fact.address = mix.key(address.high, address.low)
    let network = fact.client.masked(to: fact.client.isV4 ? 24 : 48)
    fact.network = mix.key(network.high, network.low, 2)
    let consumer = event[.consumer]
    if !consumer.isEmpty, !event.flags.contains(.isAnonymous) { fact.consumer = mix.key(consumer) }
    (fact.credential, fact.subject) = (event.credential, event.subject)
    fact.caller =
      fact.consumer != 0
      ? fact.consumer
      : fact.credential != 0 ? mix.key(fact.credential, 3) : fact.address
    fact.service = mix.key(event[.service])
    let agent = event[.userAgent]
    if !agent.isEmpty { fact.agent = mix.key(agent) }
    let fingerprint = event[.fingerprint]
    if !fingerprint.isEmpty { fact.fingerprint = mix.key(fingerprint) }
    fact.status = event.status
    fact.outcome = Observer.outcome(event)
    let path = event[.path]
    fact.path = mix.key(path)
    fact.shape = shaper.shape(
      path, service: fact.service, learns: fact.outcome == .success, at: fact.now)
    fact.operation = mix.key(
      fact.shape.endpoint, UInt64(event.method.rawValue), event.method == .other ? 1 : 0)
    fact.bytesOut = event.bytesOut
    fact.durationMicroseconds = event.durationMicroseconds
    fact.upstreamMicroseconds = event.upstreamMicroseconds
    fact.isFromUpstream = event.problem == nil && event.attempts > 0
    return fact
  }

  private static func outcome(_ event: borrowing Event) -> Outcome {
    let status = event.status
    switch status {
    case 101, 200..<300: return .success
    case 300..<400: return .redirection
    case 401:
      if event.problem == .credentialsInvalid { return .wrongCredentials }
      if event.problem == .credentialsRequired { return .unauthenticated }
      // The service's own refusal: of what was shown, or of a form that was sent to it.
      let isAttempt = event.credential != 0 || event.subject != 0 || event.method == .post
      return isAttempt ? .wrongCredentials : .unauthenticated
    case 403: return event.problem == .credentialsInvalid ? .wrongCredentials : .forbidden
    case 404, 410: return .missing
    case 405, 501: return .methodRefused
    case 429: return .limited
    case 400, 414, 415, 422, 431: return .malformed
    case 500...599: return .failure
    default: return .other
    }
  }
}
