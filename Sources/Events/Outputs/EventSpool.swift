import Runtime
import Telemetry

/// What waits for an output: in memory first, and beyond that in files, up to a bound.
///
/// Events leave in the order in which they came. Files outlive the process; what is in memory is
/// put there when the output ends.
struct EventSpool {
  /// How much is kept in memory.
  static let memoryBytesMax = 4 << 20
  /// How long a file is.
  private static let fileBytes = 4 << 20

  private var memory: [EventBlock] = []
  private var memoryBytes = 0
  private let folder: String?
  private let bytesMax: Int
  /// The numbers of the files, the oldest first, and how long each is.
  private var files: [(number: Int, bytes: Int)] = []
  private var last: AppendFile?
  private var nextNumber = 1
  /// Events for which there was no room.
  private(set) var lost: UInt64 = 0
  /// Why the disk did not take some, the last time.
  private(set) var failure: String?

  /// A spool whose files are in `folder`; those that are there already come first.
  init(folder: String?, bytesMax: Int) throws(FileError) {
    self.folder = bytesMax > 0 ? folder : nil
    self.bytesMax = bytesMax
    guard let folder = self.folder else { return }
    try SystemFile.makeFolder(folder, permissions: 0o700)
    for name in SystemFile.list(folder) {
      guard name.hasPrefix("queue-"), let number = Int(name.dropFirst(6)) else { continue }
      files.append((number, SystemFile.count("\(folder)/\(name)") ?? 0))
    }
    files.sort { $0.number < $1.number }
    nextNumber = (files.last?.number ?? 0) + 1
  }

  /// How much waits, in bytes.
  var bytes: Int { files.reduce(memoryBytes) { $0 + $1.bytes } }

  var isEmpty: Bool { memory.isEmpty && files.isEmpty }

  /// Puts a block at the end.
  mutating func put(_ block: EventBlock) {
    let count = block.withBytes { $0.count }
    if files.isEmpty, memoryBytes + count <= EventSpool.memoryBytesMax {
      memory.append(block)
      memoryBytes += count
    } else {
      store(block, count)
    }
  }

  /// Blocks from the front, up to so many; they stay there until `drop` is called.
  mutating func front(_ countMax: Int) -> [EventBlock] {
    if memory.isEmpty { load() }
    return Array(memory.prefix(countMax))
  }

  /// Takes so many blocks away from the front.
  mutating func drop(_ count: Int) {
    for block in memory.prefix(count) { memoryBytes -= block.withBytes { $0.count } }
    memory.removeFirst(min(count, memory.count))
  }

  /// Puts what is in memory where it outlives the process.
  mutating func save() {
    let waiting = memory
    guard folder != nil, !waiting.isEmpty else {
      lost += UInt64(waiting.reduce(0) { $0 + $1.count })
      return
    }
    // They came before what is in files: those get later numbers.
    memory = []
    memoryBytes = 0
    let before = files
    (files, last) = ([], nil)
    let first = (before.first?.number ?? nextNumber) - 1
    let (old, bytes) = (nextNumber, before.reduce(0) { $0 + $1.bytes })
    nextNumber = first
    for block in waiting {
      store(block, block.withBytes { $0.count }, inOneFile: true, beside: bytes)
    }
    nextNumber = old
    last = nil
    files += before
  }

  private mutating func store(
    _ block: EventBlock, _ count: Int, inOneFile: Bool = false, beside: Int = 0
  ) {
    guard let folder, bytes + beside + count <= bytesMax else {
      lost += UInt64(block.count)
      return
    }
    do throws(FileError) {
      if last == nil || (!inOneFile && (files.last?.bytes ?? 0) >= EventSpool.fileBytes) {
        last = try AppendFile(EventSpool.path(folder, nextNumber))
        files.append((nextNumber, 0))
        nextNumber += 1
      }
      try EventSpool.append(block, to: last)
      files[files.count - 1].bytes += count
    } catch {
      failure = "\(error)"
      lost += UInt64(block.count)
    }
  }

  private static func append(_ block: EventBlock, to file: AppendFile?) throws(FileError) {
    let outcome = block.withBytes { bytes -> FileError? in
      do throws(FileError) { try file?.append(bytes) } catch { return error }
      return nil
    }
    if let outcome { throw outcome }
  }

  /// Reads the oldest file into memory. Until its events are handed over they are there alone: who
  /// ends before that puts them back.
  private mutating func load() {
    guard let folder, let oldest = files.first else { return }
    if files.count == 1 { last = nil }
    files.removeFirst()
    let path = EventSpool.path(folder, oldest.number)
    do throws(FileError) {
      let bytes = try SystemFile.read(path, bytesMax: 1 << 30)
      memory = EventBlock.split(kept: bytes, countMax: 256)
      memoryBytes = memory.reduce(0) { $0 + $1.withBytes { $0.count } }
      try SystemFile.remove(path)
    } catch {
      failure = "\(error)"
    }
  }

  private static func path(_ folder: String, _ number: Int) -> String {
    let digits = String(number)
    return "\(folder)/queue-\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits)"
  }
}
