import CLinux

/// Folders, and the room on their disks.
extension SystemFile {
  /// The names of what is in the folder at `path`, sorted; empty if there is none.
  public static func list(_ path: String) -> [String] {
    // Safety: the path is a C string for the call.
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    // Safety: the entry is valid until the next call, and its name ends in a zero.
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { place in
        unsafe place.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// How many bytes the disk that `path` is on can still take; nil if that is not known.
  public static func freeBytes(at path: String) -> Int? {
    var facts = statvfs()
    // Safety: path and structure live for the call.
    guard unsafe statvfs(path, &facts) == 0 else { return nil }
    return Int(
      clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize)).0)
  }

  /// Gives a file another name in the same folder, in place of what has that name.
  public static func move(_ path: String, to other: String) throws(FileError) {
    // Safety: both are C strings for the call.
    if unsafe rename(path, other) != 0 { throw FileError(linux_errno()) }
  }

  /// How long the file at `path` is; nil if there is none.
  public static func count(_ path: String) -> Int? {
    var facts = stat()
    // Safety: path and structure live for the call.
    return unsafe stat(path, &facts) == 0 ? Int(facts.st_size) : nil
  }
}
