import Runtime

/// The files of a store: segments of pages, and the journal of the page that comes next.
///
/// A journal bears the number of the segment and the place in it where its page will stand. So it
/// is known after a crash whether that was written, and no event is kept twice or lost.
struct StoreFolder {
  let path: String

  /// A journal by what its name says.
  struct Journal: Equatable {
    let segment: Int
    let offset: Int
  }

  /// The file that has the name of the gateway whose events they are.
  var node: String { "\(path)/node" }

  func segment(_ number: Int) -> String { "\(path)/segment-\(StoreFolder.padded(number))" }

  func journal(_ journal: Journal) -> String {
    "\(path)/journal-\(StoreFolder.padded(journal.segment))-\(journal.offset)"
  }

  /// A segment that is not removed, whatever its age, has such a file beside it.
  func hold(_ number: Int) -> String { "\(segment(number)).hold" }

  /// The numbers of all segments, the oldest first.
  var segments: [Int] {
    SystemFile.list(path).compactMap { name in
      name.hasPrefix("segment-") ? Int(name.dropFirst(8)) : nil
    }.sorted()
  }

  /// All journals; there is more than one only after a crash.
  var journals: [Journal] {
    SystemFile.list(path).compactMap { name in
      let parts = name.split(separator: "-")
      guard parts.count == 3, parts[0] == "journal", let segment = Int(parts[1]),
        let offset = Int(parts[2])
      else { return nil }
      return Journal(segment: segment, offset: offset)
    }
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
