import Runtime
public import Telemetry

/// Follows the folder of a store: gives what has come since the last look, from now on.
public struct EventFollower {
  private let folder: StoreFolder
  private var journal: StoreFolder.Journal?
  private var offset = 0

  /// A follower that begins with what comes next.
  public init(folder: String) {
    self.folder = StoreFolder(path: folder)
    journal = self.folder.journals.last
    if let journal { offset = SystemFile.count(self.folder.journal(journal)) ?? 0 }
  }

  /// What has come. What was still written to a journal in the moment before it became a page may
  /// be missed: a search finds it.
  public mutating func next() -> [EventBlock] {
    let current = folder.journals.last
    if current != journal {
      journal = current
      offset = 0
    }
    guard let current, let file = try? AppendFile(reading: folder.journal(current)) else {
      return []
    }
    let count = file.count - offset
    guard count > 0, let bytes = try? file.read(at: offset, count: count) else { return [] }
    let blocks = EventBlock.split(kept: bytes, countMax: 256)
    // An event of which not all is there yet comes with the next look.
    for block in blocks { offset += block.withBytes { $0.count } }
    return blocks
  }
}
