import CLinux

/// The file of the access log, as its writer's thread has it.
struct LogFile: ~Copyable {
  private let settings: AccessLogSettings
  private var descriptor: Int32
  private var bytes: Int
  private var opened: Int

  init(_ settings: AccessLogSettings) throws(AccessLogError) {
    self.settings = settings
    (descriptor, bytes) = try LogFile.open(settings)
    opened = time(nil)
  }

  deinit { if descriptor > 2 { close(descriptor) } }

  private static func open(_ settings: AccessLogSettings) throws(AccessLogError) -> (Int32, Int) {
    guard let path = settings.path else { return (1, 0) }
    // Safety: the path is a C string for the call.
    let descriptor = unsafe linux_create(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      // Safety: the text is the library's and is copied at once.
      throw AccessLogError(path: path, reason: unsafe String(cString: strerror(linux_errno())))
    }
    return (descriptor, max(0, lseek(descriptor, 0, SEEK_END)))
  }

  /// Opens the path anew, after somebody has moved the file away.
  mutating func reopen() {
    guard settings.path != nil else { return }
    do throws(AccessLogError) {
      let (new, size) = try LogFile.open(settings)
      close(descriptor)
      (descriptor, bytes, opened) = (new, size, time(nil))
    } catch {
      ErrorLog.error("\(error); going on with the old file")
    }
  }

  /// Writes a block; false if the file takes no more.
  mutating func write(_ block: [UInt8], count: Int) -> Bool {
    var start = 0
    while start < count {
      // Safety: the kernel reads within the array, which stands still for the call.
      let written = unsafe block[start..<count].withUnsafeBytes {
        unsafe CLinux.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0 {
        if linux_errno() == EINTR { continue }
        return false
      }
      start += written
    }
    bytes += count
    rotateIfDue()
    return true
  }

  private mutating func rotateIfDue() {
    guard let path = settings.path else { return }
    let isFull = settings.rotateBytes.map { bytes >= $0 } ?? false
    let isOld = settings.rotateAgeSeconds.map { time(nil) - opened >= $0 } ?? false
    guard isFull || isOld, bytes > 0 else { return }
    for number in stride(from: settings.keep - 1, through: 1, by: -1) {
      // Safety: both are C strings for the call; a file that is not there yet is none's fault.
      _ = unsafe rename("\(path).\(number)", "\(path).\(number + 1)")
    }
    // Safety: as above.
    _ = unsafe settings.keep > 0 ? rename(path, "\(path).1") : unlink(path)
    reopen()
  }
}
