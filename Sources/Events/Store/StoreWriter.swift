import Base
import Crypto
import Formats
import Runtime
import Telemetry

/// Writes the files of a store: each block into a journal at once, and a page of them when there
/// are enough, whereupon the journal is forgotten.
struct StoreWriter {
  /// The size from which on a segment is followed by the next.
  static let segmentBytes = 64 << 20
  /// This much is left to others on the disk: old segments go before it is used.
  static let reserveBytes = 64 << 20
  /// A page is made of what there is after this time, in milliseconds.
  private static let pageMilliseconds: UInt64 = 3_600_000
  /// How often what was written is made safe from a loss of power, in milliseconds.
  private static let syncMilliseconds: UInt64 = 1000
  private static let tidyMilliseconds: UInt64 = 60_000

  let settings: EventStoreSettings
  /// Events that could not be written.
  private(set) var lost: UInt64 = 0
  /// Why that was, the last time.
  private(set) var failure: String?
  private let folder: StoreFolder
  private let compressor: Zstandard
  private var builder: PageBuilder
  /// Held while the folder is this writer's: of two, each would take the other's journal for left.
  private var lock: AppendFile?
  private var segment: AppendFile?
  private var journal: AppendFile?
  private var name = StoreFolder.Journal(segment: 1, offset: 0)
  private var isDirty = false
  private var pageBegan: UInt64 = 0
  private var nextSync: UInt64 = 0
  private var nextTidying: UInt64 = 0

  /// Opens the folder, makes it if it is not there, and takes up what a writer before has left.
  init(_ settings: EventStoreSettings) throws(FileError) {
    self.settings = settings
    folder = StoreFolder(path: settings.folder)
    builder = PageBuilder(seed: (try? SecureRandom.word()) ?? 0x9E37_79B9_7F4A_7C15)
    guard let compressor = Zstandard(level: 1) else { throw .system(number: 12) }
    self.compressor = compressor
    try SystemFile.makeFolder(settings.folder, permissions: 0o700)
    let lock = try AppendFile("\(settings.folder)/lock")
    guard lock.lock() else { throw .inUse }
    self.lock = lock
    if !settings.node.isEmpty {
      try SystemFile.write(
        Array(settings.node.utf8), to: folder.node, permissions: 0o600, replacing: true)
    }
    try recover()
  }

  /// Takes events: into the journal, and into the page.
  mutating func take(_ block: EventBlock, now: UInt64) {
    if block.count == 0 { return }
    if lock == nil {
      lost += UInt64(block.count)
      return
    }
    if builder.hasNoRoom(for: block.count) { finishPage(now: now) }
    if builder.count == 0 { pageBegan = now }
    do throws(FileError) {
      if journal == nil {
        try openJournal()
        // Under load its page is written and synced before that, and the journal never is.
        nextSync = now + StoreWriter.syncMilliseconds
      }
      guard let journal else { return }
      try StoreWriter.append(block, to: journal)
      isDirty = true
    } catch {
      failure = "\(error)"
    }
    block.forEach { event in builder.append(event) }
  }

  /// Appends a block's bytes to a file.
  private static func append(_ block: EventBlock, to file: AppendFile) throws(FileError) {
    let outcome = block.withBytes { bytes -> FileError? in
      do throws(FileError) { try file.append(bytes) } catch { return error }
      return nil
    }
    if let outcome { throw outcome }
  }

  /// What is due: making safe what was written, and removing what is too old.
  mutating func settle(now: UInt64) {
    if isDirty, now >= nextSync {
      nextSync = now + StoreWriter.syncMilliseconds
      isDirty = false
      do throws(FileError) { try journal?.sync() } catch { failure = "\(error)" }
    }
    if builder.count > 0, now >= pageBegan + StoreWriter.pageMilliseconds { finishPage(now: now) }
    if now >= nextTidying {
      nextTidying = now + StoreWriter.tidyMilliseconds
      tidy(now: now, least: 0)
    }
  }

  /// Makes safe what there is; the next writer takes it up. Nothing may come after it.
  mutating func finish() {
    _ = try? journal?.sync()
    (journal, segment, lock) = (nil, nil, nil)
  }

  /// Makes a page of what there is, now; for measuring.
  mutating func flush(now: UInt64) { finishPage(now: now) }

  // MARK: Pages

  private mutating func finishPage(now: UInt64) {
    let count = builder.count
    if count == 0 { return }
    guard let page = builder.finish(compressor) else {
      lost += UInt64(count)
      failure = "there is no memory for a page"
      return
    }
    if SystemFile.freeBytes(at: settings.folder) ?? .max < StoreWriter.reserveBytes + page.count {
      tidy(now: now, least: 1)
    }
    do throws(FileError) {
      try write(page)
    } catch {
      lost += UInt64(count)
      failure = "\(error)"
    }
    if let segment, segment.count >= StoreWriter.segmentBytes { rollOver() }
    forgetJournal()
  }

  /// Writes a page; when the disk is full, in the place of the oldest segment.
  private mutating func write(_ page: [UInt8]) throws(FileError) {
    if segment == nil { try openSegment() }
    do throws(FileError) {
      try segment?.append(page.span)
    } catch {
      guard removeOldest() else { throw error }
      try segment?.append(page.span)
    }
    try segment?.sync()
  }

  private mutating func rollOver() {
    segment = nil
    name = StoreFolder.Journal(segment: name.segment + 1, offset: 0)
    do throws(FileError) { try openSegment() } catch { failure = "\(error)" }
  }

  private mutating func forgetJournal() {
    journal = nil
    isDirty = false
    _ = try? SystemFile.remove(folder.journal(name))
    name = StoreFolder.Journal(segment: name.segment, offset: segment?.count ?? 0)
  }

  private mutating func openSegment() throws(FileError) {
    let file = try AppendFile(folder.segment(name.segment))
    segment = file
    name = StoreFolder.Journal(segment: name.segment, offset: file.count)
  }

  private mutating func openJournal() throws(FileError) {
    journal = try AppendFile(folder.journal(name))
  }

  // MARK: After a crash

  /// Takes up what is in journals and in no page yet; a page that was not finished is cut off, and
  /// its journal is still there.
  private mutating func recover() throws(FileError) {
    if let last = folder.segments.last {
      let file = try AppendFile(folder.segment(last))
      let (_, end) = PageFile.all(file)
      if end < file.count { try file.truncate(to: end) }
      let isFull = end >= StoreWriter.segmentBytes
      name = StoreFolder.Journal(segment: isFull ? last + 1 : last, offset: 0)
    }
    try openSegment()
    let journals = folder.journals
    for old in journals where old == name { try takeUp(old, isCurrent: true) }
    for old in journals where old != name {
      let end = SystemFile.count(folder.segment(old.segment)) ?? 0
      if end <= old.offset { try takeUp(old, isCurrent: false) }
      try SystemFile.remove(folder.journal(old))
    }
  }

  /// Reads a journal; events that follow are written behind those of the current one.
  private mutating func takeUp(
    _ old: StoreFolder.Journal, isCurrent: Bool
  ) throws(FileError) {
    let bytes = try SystemFile.read(folder.journal(old), bytesMax: StoreWriter.journalBytesMax)
    let blocks = EventBlock.split(kept: bytes, countMax: 256)
    if isCurrent {
      let whole = blocks.reduce(0) { $0 + $1.withBytes { $0.count } }
      let file = try AppendFile(folder.journal(old))
      if whole < bytes.count { try file.truncate(to: whole) }
      journal = file
      for block in blocks where builder.count + block.count <= PageBuilder.countMax {
        block.forEach { event in builder.append(event) }
      }
    } else {
      for block in blocks { take(block, now: 0) }
    }
  }

  /// More than the events of a page can be.
  private static let journalBytesMax = 1 << 30

  // MARK: What is too old, or too much

  private mutating func tidy(now: UInt64, least: Int) {
    var sizes = folder.segments.filter { $0 != name.segment }
      .map { (number: $0, bytes: SystemFile.count(folder.segment($0)) ?? 0) }
    var total = sizes.reduce(segment?.count ?? 0) { $0 + $1.bytes }
    var removed = 0
    while let oldest = sizes.first {
      let isTooMuch = total > settings.bytesMax || removed < least
      guard isTooMuch || isTooOld(oldest.number, now: now) else { break }
      sizes.removeFirst()
      if remove(oldest.number) {
        total -= oldest.bytes
        removed += 1
      }
    }
  }

  private func isTooOld(_ number: Int, now: UInt64) -> Bool {
    guard let age = settings.ageMilliseconds, now > age,
      let file = try? AppendFile(reading: folder.segment(number))
    else { return false }
    let last = PageFile.all(file).pages.map(\.header.lastMilliseconds).max() ?? 0
    return last < now - age
  }

  private mutating func removeOldest() -> Bool {
    for number in folder.segments where number != name.segment {
      if remove(number) { return true }
    }
    return false
  }

  /// Removes a segment, unless somebody holds it; what was removed stands in the error log.
  private func remove(_ number: Int) -> Bool {
    if SystemFile.isThere(folder.hold(number)) { return false }
    let pages = (try? AppendFile(reading: folder.segment(number))).map { PageFile.all($0).pages }
    let headers = (pages ?? []).map(\.header)
    guard (try? SystemFile.remove(folder.segment(number))) != nil else { return false }
    let first = headers.map(\.firstMilliseconds).min() ?? 0
    let last = headers.map(\.lastMilliseconds).max() ?? 0
    ErrorLog.notice(
      "the store of events has removed segment \(number): \(headers.reduce(0) { $0 + $1.count }) "
        + "events from \(first) to \(last), in milliseconds since 1970")
    return true
  }
}
