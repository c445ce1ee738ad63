import Blueprint
import Telemetry

/// What an endpoint answers has another size or another media type than is usual: perhaps it tells
/// more than it should since the last release, or it answers with an error's page.
///
/// It is looked at by batches: the middle of the sizes of a batch against the middles of those
/// before. Two batches in a row have to differ.
struct ResponseChangeDetector: Sendable {
  private struct Endpoint: Sendable {
    var sizes = QuantileSketch()
    /// The logarithm of the middle size of a batch.
    var usual = Baseline()
    var type: UInt64 = 0
    var typed = 0
    var others = 0
    var differing = 0
  }

  private var endpoints = KeyedTable(capacity: 1024, halfLifeSeconds: 86_400, fresh: Endpoint())
  private let mix: KeyMix

  /// Batches before it is known what is usual.
  private static let batchesMin = 8

  init(mix: KeyMix) { self.mix = mix }

  var bytesHeld: Int { endpoints.bytesHeld + 1024 * 1024 }

  mutating func observe(
    _ fact: Observation, _ event: borrowing Event, _ findings: inout Findings
  ) {
    let settings = findings.settings[.responseChange]
    guard settings.isOn, fact.outcome == .success, fact.isFromUpstream else { return }
    let type = ResponseChangeDetector.mediaType(event[.responseType], mix)
    let batch = max(8, settings.threshold)
    let isLearning = findings.isLearning
    let figures: [AlertFigure]? = endpoints.update(fact.operation, at: fact.now) { endpoint in
      if let change = Self.typeChange(&endpoint, type, batch), !isLearning { return change }
      endpoint.sizes.insert(Double(fact.bytesOut) + 1)
      guard endpoint.sizes.count >= batch else { return nil }
      let middle = Exponent.log2(endpoint.sizes.quantile(0.5))
      endpoint.sizes.clear()
      guard endpoint.usual.count >= Self.batchesMin else {
        endpoint.usual.learn(middle, memory: 50)
        return nil
      }
      let distance = middle - endpoint.usual.mean
      let least = Exponent.log2(max(1.1, settings.factor))
      let isOther =
        abs(distance) >= least && abs(endpoint.usual.score(middle, floor: 0.15)) >= 6
      guard isOther else {
        endpoint.differing = 0
        endpoint.usual.learn(middle, memory: 50)
        return nil
      }
      endpoint.differing += 1
      // What has stayed otherwise for long is usual now.
      if endpoint.differing > 64 { endpoint.usual = Baseline() }
      guard endpoint.differing >= 2, !isLearning else { return nil }
      return [
        AlertFigure("middle size", Exponent.exp2(middle)),
        AlertFigure("usual middle size", Exponent.exp2(endpoint.usual.mean)),
      ]
    }
    if let figures {
      findings.raise(.responseChange, fact.operation, .endpoint, at: fact.now, figures)
    }
  }

  /// Half a batch in a row of another type than all before.
  private static func typeChange(
    _ endpoint: inout Endpoint, _ type: UInt64, _ batch: Int
  ) -> [AlertFigure]? {
    if endpoint.type == type || endpoint.type == 0 {
      endpoint.type = type
      endpoint.typed += 1
      endpoint.others = 0
      return nil
    }
    endpoint.others += 1
    guard endpoint.others >= batch / 2 else { return nil }
    let before = endpoint.typed
    if endpoint.others > 64 * batch || before < batch * batchesMin {
      (endpoint.type, endpoint.typed, endpoint.others) = (type, 0, 0)
    }
    guard before >= batch * batchesMin else { return nil }
    return [AlertFigure("answers of another type", endpoint.others)]
  }

  /// The type without its parameters.
  private static func mediaType(_ text: Span<UInt8>, _ mix: KeyMix) -> UInt64 {
    var end = 0
    while end < text.count, text[end] != UInt8(ascii: ";"), text[end] != UInt8(ascii: " ") {
      end += 1
    }
    return mix.key(text.extracting(0..<end), lowercasing: true) | 1
  }
}
