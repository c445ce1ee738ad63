import Base
import HTTP
import PolicyKit
import TLS
import Telemetry

/// What is written down of an exchange for whoever reads the events.
extension Forwarding {
  /// Notes which policy refuses the exchange.
  func note(refusalBy policy: CountedPolicy) {
    refusingPolicy = policy.name
    metrics.refused(byPolicy: policy.metricNumber)
  }

  /// Writes the event of an exchange that is over.
  func write(
    _ turn: borrowing Turn, to recorder: EventBuffer, _ durationNanoseconds: UInt64,
    reason: StaticString, fault: Fault
  ) {
    var record = EventRecord()
    record.wallMilliseconds = turn.exchange.wallMilliseconds
    record.client = turn.exchange.client
    let trace = turn.exchange.trace
    record.trace = (trace.high, trace.low)
    (record.span, record.parentSpan) = (trace.span, trace.parent)
    record.durationMicroseconds = durationNanoseconds / 1000
    record.upstreamMicroseconds = upstreamNanoseconds / 1000
    (record.bytesIn, record.bytesOut) = (bytesIn, bytesOut)
    record.credential = turn.exchange.credentialMark
    record.subject = turn.exchange.subjectMark
    record.status = turn.exchange.response.status
    record.flags = flags(turn)
    record.problem = turn.exchange.problem
    record.fault = fault
    record.version = version(turn)
    record.method = turn.exchange.request.method
    record.shown = turn.exchange.shown.rawValue
    record.attempts = UInt8(clamping: attempts)
    let (route, service) = (route, route?.service)
    let consumer = turn.exchange.consumer
    let names = (
      route?.name ?? [], service?.nameBytes ?? [], route?.template ?? [],
      consumer?.nameBytes ?? [], refusingPolicy, turn.exchange.detail
    )
    let upstream = lastTarget >= 0 ? service?.targets[lastTarget].authority ?? [] : []
    let fingerprint = client?.tls?.clientFingerprint ?? []
    let type = turn.exchange.response.fields.value(.contentType) ?? .empty
    var texts = EventTexts(
      route: names.0.span, service: names.1.span, template: names.2.span, consumer: names.3.span,
      upstream: upstream.span, policy: names.4.span, detail: names.5.span,
      responseType: turn.exchange.response.fields[type])
    texts.requestID = turn.exchange.requestID
    texts.reason = reason
    texts.fingerprint = fingerprint.span
    if let session = client?.tls {
      texts.tlsVersion = session.version.name
      texts.cipher = session.cipher.name
    }
    recorder.append(record, texts, request: turn.exchange.request)
  }

  private func flags(_ turn: borrowing Turn) -> EventFlags {
    var flags: EventFlags = []
    if turn.exchange.isSecure { flags.insert(.isSecure) }
    if turn.exchange.trace.isSampled { flags.insert(.isSampled) }
    if turn.exchange.trace.parent != 0 { flags.insert(.hasParent) }
    if tunnel != nil { flags.insert(.isTunnel) }
    if turn.exchange.consumer?.isAnonymous == true { flags.insert(.isAnonymous) }
    return flags
  }
}
