import Runtime

extension EventSearch {
  /// Keeps all segments with events between two times, whatever their age, until the files that are
  /// told are removed.
  public func hold(from: UInt64, until: UInt64) throws(EventsError) -> [String] {
    var held: [String] = []
    for number in folder.segments {
      guard let file = try? AppendFile(reading: folder.segment(number)) else { continue }
      let isWanted = PageFile.all(file).pages.contains { page in
        page.header.lastMilliseconds >= from && page.header.firstMilliseconds <= until
      }
      if !isWanted { continue }
      let path = folder.hold(number)
      if !SystemFile.isThere(path) {
        do throws(FileError) {
          try SystemFile.write([], to: path, permissions: 0o600)
        } catch {
          throw EventsError("\(path) \(error)")
        }
      }
      held.append(path)
    }
    return held
  }
}
