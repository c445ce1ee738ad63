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

  /// The same for the same hole in every run.
  package var id: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "\(kind.rawValue)|\(place)|\(parameter ?? "")".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return "G" + String(hash, radix: 16, uppercase: true)
  }
}
