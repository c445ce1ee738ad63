import Base
import Runtime
public import Telemetry

/// Finds events in the folder of a store, also while a gateway writes it.
public struct EventSearch: Sendable {
  /// What was found.
  public struct Result: Sendable {
    /// The events, the latest first, as far as they were asked for.
    public var blocks: [EventBlock] = []
    /// How many fit, of those that were looked at.
    public var matchCount = 0
    /// How many events were looked at, by their number in pages and journals.
    public var lookedAt = 0
    /// Pages that are damaged and were passed over.
    public var damagedPages = 0
  }

  let folder: StoreFolder

  /// A search in a folder.
  public init(folder: String) { self.folder = StoreFolder(path: folder) }

  /// Whether there is anything to search.
  public var isThere: Bool { SystemFile.isThere(folder.path) }

  /// The name of the gateway whose events they are; empty if the folder does not tell.
  public var node: String {
    let bytes = (try? SystemFile.read(folder.node, bytesMax: 256)) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }

  /// How many pages there are.
  public var pageCount: Int {
    folder.segments.reduce(0) { count, number in
      let file = try? AppendFile(reading: folder.segment(number))
      return count + (file.map { PageFile.all($0).pages.count } ?? 0)
    }
  }

  /// The latest `limit` events that fit; with `countsAll` all that fit are counted.
  ///
  /// Events of several loops stand in no exact order: of those that came within a second, one may
  /// be passed over for another.
  public func run(_ filter: EventFilter, limit: Int, countsAll: Bool = false) -> Result {
    var result = Result()
    var found: [Found] = []
    // Journals first: what becomes a page meanwhile is found twice rather than not at all.
    var seen: Set<Key> = []
    for journal in folder.journals {
      for event in journalEvents(journal, filter, &result) where seen.insert(event.key).inserted {
        found.append(event)
      }
    }
    found.sort { $0.key.time > $1.key.time }
    result.matchCount = found.count
    found.removeLast(max(0, found.count - limit))
    for number in folder.segments.reversed() {
      if found.count >= limit, !countsAll { break }
      guard let file = try? AppendFile(reading: folder.segment(number)) else { continue }
      for page in PageFile.all(file).pages.reversed() {
        if found.count >= limit, !countsAll { break }
        search(page, filter, limit: limit, seen, &found, &result)
      }
    }
    found.sort { $0.key.time > $1.key.time }
    result.blocks = found.prefix(limit).map { EventBlock(kept: $0.bytes) }
    return result
  }

  /// What names an event.
  private struct Key: Hashable {
    let time: UInt64
    let sequence: UInt64
    let worker: Int
  }

  private struct Found {
    let key: Key
    let bytes: [UInt8]

    init(_ event: borrowing Event) {
      key = Key(
        time: event.wallMilliseconds, sequence: event.sequence, worker: event.worker)
      bytes = event.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
  }

  private func journalEvents(
    _ journal: StoreFolder.Journal, _ filter: EventFilter, _ result: inout Result
  ) -> [Found] {
    // One that is gone meanwhile has become a page.
    guard
      let bytes = try? SystemFile.read(folder.journal(journal), bytesMax: 1 << 30)
    else { return [] }
    var found: [Found] = []
    var reader = EventReader(bytes.span)
    while let event = reader.next() {
      result.lookedAt += 1
      if filter.matches(event) { found.append(Found(event)) }
    }
    return found
  }

  private func search(
    _ page: PageFile, _ filter: EventFilter, limit: Int, _ seen: Set<Key>,
    _ found: inout [Found], _ result: inout Result
  ) {
    result.lookedAt += page.header.count
    guard let rows = PageSearch(filter: filter).rows(of: page) else {
      result.damagedPages += 1
      return
    }
    result.matchCount += rows.count
    if rows.isEmpty || found.count >= limit { return }
    guard let all = PageRows(page) else {
      result.damagedPages += 1
      return
    }
    for row in rows.reversed() {
      if found.count >= limit { return }
      var buffer = ByteBuffer(capacity: 1024)
      guard all.append(row, to: &buffer) else { continue }
      var reader = EventReader(buffer.readable)
      guard let event = reader.next() else { continue }
      let one = Found(event)
      if seen.contains(one.key) { result.matchCount -= 1 } else { found.append(one) }
    }
  }
}
