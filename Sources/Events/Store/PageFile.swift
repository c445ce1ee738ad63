import Formats
import Runtime

/// One page of a segment, whose columns are read when they are asked for.
struct PageFile {
  let header: PageHeader
  private let file: AppendFile
  private let start: Int

  /// The page that begins at a place of a segment; nil if none does, or not all of it is there.
  init?(_ file: AppendFile, at start: Int, fileBytes: Int) {
    guard fileBytes - start >= PageHeader.byteCount,
      let head = try? file.read(at: start, count: PageHeader.byteCount),
      let header = PageHeader(head), header.pageBytes <= fileBytes - start
    else { return nil }
    self.header = header
    self.file = file
    self.start = start
  }

  /// All pages of a segment, and where the last of them ends.
  static func all(_ file: AppendFile) -> (pages: [PageFile], end: Int) {
    let count = file.count
    var (pages, at): ([PageFile], Int) = ([], 0)
    while let page = PageFile(file, at: at, fileBytes: count) {
      pages.append(page)
      at += page.header.pageBytes
    }
    return (pages, at)
  }

  /// What a column holds; empty if it is left out, nil if it is damaged.
  func bytes(_ column: PageColumn) -> [UInt8]? {
    let size = header.sizes[Int(column.rawValue)]
    if size.stored == 0 { return size.raw == 0 ? [] : nil }
    guard
      let stored = try? file.read(at: start + header.offset(of: column), count: size.stored),
      stored.count == size.stored
    else { return nil }
    if column.isRandom { return stored.count == size.raw ? stored : nil }
    return Zstandard.decompress(stored.span, count: size.raw)
  }

  /// The entries of a column; nil if it is damaged.
  func entries(_ column: PageColumn) -> PageEntries? { bytes(column).flatMap { PageEntries($0) } }

  /// The codes of a column whose entries are so many; nil if it is damaged.
  func codes(_ column: PageColumn, entryCount: Int) -> [UInt16]? {
    bytes(column).flatMap { Planes.codes($0, count: header.count, entryCount: entryCount) }
  }

  /// The numbers of a column; nil if it is damaged.
  func numbers(_ column: PageColumn) -> [UInt64]? {
    bytes(column).flatMap { Planes.numbers($0, count: header.count) }
  }

  /// The times of all events; nil if they are damaged.
  func times() -> [UInt64]? {
    guard var times = numbers(.times) else { return nil }
    var last: UInt64 = 0
    for place in times.indices {
      last = last &+ UInt64(bitPattern: Planes.unzigzag(times[place]))
      times[place] = last
    }
    return times
  }
}
