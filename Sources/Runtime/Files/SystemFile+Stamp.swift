import CLinux

extension SystemFile {
  /// What tells one version of a file from another without reading it.
  public struct Stamp: Equatable, Sendable {
    let inode: UInt64
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  /// The stamp of the file at `path`; nil if there is none.
  public static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    // Safety: the path is a C string for the call, which fills the structure that it is lent.
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Stamp(
      inode: UInt64(status.st_ino), size: Int(status.st_size),
      seconds: Int(status.st_mtim.tv_sec), nanoseconds: Int(status.st_mtim.tv_nsec))
  }
}
