import Base
import Blueprint
import Formats
import Telemetry

/// Makes an alert of a finding, with what its event tells.
enum AlertMaker {
  static func alert(
    _ finding: Finding, _ fact: Observation, _ event: borrowing Event,
    settings: DetectionBlueprint, endpoint: String?, _ mix: KeyMix
  ) -> Alert {
    var alert = Alert(
      id: hex(mix.key(finding.key, fact.now, UInt64(finding.detector.rawValue.utf8.count))),
      detector: finding.detector,
      severity: finding.rule?.severity ?? settings[finding.detector].severity,
      title: finding.rule?.title ?? finding.detector.title,
      subject: finding.subject, name: name(finding, fact, event, endpoint),
      firstMilliseconds: fact.now, lastMilliseconds: fact.now, figures: finding.figures)
    // Of what concerns a whole service the last caller is none of the matter.
    let isOfCaller = finding.subject != .service && finding.subject != .endpoint
    if isOfCaller {
      alert.client = fact.client
      alert.consumer = event.string(.consumer)
      alert.credential = fact.credential
    }
    alert.service = event.string(.service)
    alert.route = event.string(.route)
    alert.samples = [sample(event)]
    return alert
  }

  private static func name(
    _ finding: Finding, _ fact: Observation, _ event: borrowing Event, _ endpoint: String?
  ) -> String {
    switch finding.subject {
    case .address: return fact.client.limitKey.description
    case .network:
      let length = fact.client.isV4 ? 24 : 48
      return "\(fact.client.masked(to: length))/\(length)"
    case .caller:
      if fact.consumer != 0 { return event.string(.consumer) }
      if fact.credential != 0 { return "credential \(hex(fact.credential))" }
      return fact.client.limitKey.description
    case .credential: return hex(fact.credential)
    // Names that were tried are secrets of those who have them.
    case .name: return hex(fact.subject)
    case .service: return event.string(.service)
    case .endpoint:
      return endpoint
        ?? event.string(.method) + " "
        + PathTemplate.text(event[.path], parameters: fact.shape.parameters)
    }
  }

  /// A request, without what may be a secret, in one line.
  static func sample(_ event: borrowing Event) -> String {
    let time = Timestamp.text(Int(clamping: event.wallMilliseconds))
    let path = event.string(.path).unicodeScalars.map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F ? "?" : String(scalar)
    }
    let line =
      "\(time) \(event.client) \(event.string(.method)) \(path.joined()) \(event.status)"
    return String(line.prefix(Alert.sampleBytesMax))
  }

  static func hex(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
