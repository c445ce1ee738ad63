import CLinux

/// A file that is written at its end and read where one likes.
public final class AppendFile: Sendable {
  private let descriptor: Int32

  /// Opens the file at `path`, and makes it if it is not there; it must be no symbolic link, whose
  /// target somebody else may choose.
  public init(_ path: String, permissions: UInt32 = 0o600) throws(FileError) {
    let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW
    // Safety: the path is a C string for the call.
    descriptor = unsafe linux_create(path, flags, permissions)
    guard descriptor >= 0 else { throw FileError(linux_errno()) }
  }

  /// Opens a file that is only read.
  public init(reading path: String) throws(FileError) {
    // Safety: the path is a C string for the call.
    descriptor = unsafe linux_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError(linux_errno()) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How long the file is.
  public var count: Int {
    var facts = stat()
    // Safety: the structure lives for the call.
    return unsafe fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
  }

  /// Appends bytes; one that fails in the middle leaves the file as it was before.
  public func append(_ bytes: Span<UInt8>) throws(FileError) {
    let before = count
    var start = 0
    while start < bytes.count {
      // Safety: the kernel reads within the span, which is valid for the call.
      let written = unsafe bytes.extracting(start...).withUnsafeBytes { rest in
        unsafe CLinux.write(descriptor, rest.baseAddress, rest.count)
      }
      if written < 0 {
        let number = linux_errno()
        if number == EINTR { continue }
        if start > 0 { _ = ftruncate(descriptor, before) }
        throw FileError(number)
      }
      start += written
    }
  }

  /// Takes the file for this process alone, as long as it is open; false if another has it.
  public func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// Waits until what was written is on the disk.
  public func sync() throws(FileError) {
    if fdatasync(descriptor) != 0 { throw FileError(linux_errno()) }
  }

  /// Cuts the file.
  public func truncate(to count: Int) throws(FileError) {
    if ftruncate(descriptor, count) != 0 { throw FileError(linux_errno()) }
  }

  /// Up to `count` bytes from `offset` on; fewer at the end of the file.
  public func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      // Safety: the kernel writes within the array, which stands still for the call.
      let got = unsafe bytes.withUnsafeMutableBytes { room in
        unsafe pread(
          descriptor, room.baseAddress?.advanced(by: filled), count - filled, offset + filled)
      }
      if got < 0 {
        let number = linux_errno()
        if number == EINTR { continue }
        throw FileError(number)
      }
      if got == 0 { break }
      filled += got
    }
    if filled < count { bytes.removeLast(count - filled) }
    return bytes
  }
}
