/// One hole, proved.
package struct Finding: Sendable {
  /// `METHOD /path/{name}`.
  package let place: String
  /// The class of the hole, as reports name it.
  package let kind: FindingKind
  /// The parameter or member that it is in.
  package let parameter: String?
  /// One sentence that says what was seen.
  package let claim: String
  /// The requests that show it, the control among them.
  package let steps: [FindingStep]

  package init(
    place: String, kind: FindingKind, parameter: String?, claim: String, steps: [FindingStep]
  ) {
    self.place = place
    self.kind = kind
    self.parameter = parameter
    self.claim = claim
    self.steps = steps
  }

  /// A finding as a report in JSON has it; nil if it is none.
  init?(recorded value: JSONValue) {
    guard let place = value["where"]?.string, let claim = value["claim"]?.string,
      let kind = value["class"]?.string.flatMap({ FindingKind(rawValue: $0) })
    else { return nil }
    self.init(
      place: place, kind: kind, parameter: value["parameter"]?.string, claim: claim,
      steps: (value["proof"]?.elements ?? []).compactMap { FindingStep(recorded: $0) })
  }

  /// The same for the same hole in every run (FNV-1a).
  package var id: String { Finding.id(kind, place, parameter) }

  static func id(_ kind: FindingKind, _ place: String, _ parameter: String?) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "\(kind.rawValue)|\(place)|\(parameter ?? "")".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return "G" + String(hash, radix: 16, uppercase: true)
  }
}
