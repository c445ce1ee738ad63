/// A finding of an earlier report.
package struct RecordedFinding: Sendable {
  package let id: String
  package let kind: FindingKind
  package let place: String

  /// The findings of a report in JSON; what is none is left out.
  package static func read(_ bytes: [UInt8]) -> [RecordedFinding] {
    let list = JSONValue.read(bytes)?["findings"]?.elements ?? []
    return list.compactMap { entry in
      guard let id = entry["id"]?.string, let place = entry["where"]?.string,
        let kind = entry["class"]?.string.flatMap({ FindingKind(rawValue: $0) })
      else { return nil }
      return RecordedFinding(id: id, kind: kind, place: place)
    }
  }
}
