import CLinux

/// The file of the access log, as its writer's thread has it.
struct LogFile: ~Copyable {
  /// More old files than this are not looked at.
  private static let keepMax = 10_000
  /// After a rotation that failed the next is tried so many seconds later.
  private static let rotationPauseSeconds = 60

  let settings: AccessLogSettings
  /// How long a pipe may take nothing before what waits is given up.
  private let patienceMilliseconds: Int32
  private(set) var descriptor: Int32
  private var isRegular: Bool
  /// When the file was begun, in seconds since 1970.
  private var begun: Int
  private var nextRotation = 0
  /// Whether the last line that was written lacks its end, since the disk was full in its middle.
  private var isMidLine = false
  /// Why the last write that failed did.
  private(set) var failure = "nothing was tried"

  /// Opens the file; it must not be a symbolic link, whose target somebody else may choose.
  init(
    _ settings: AccessLogSettings, now: Int, patienceMilliseconds: Int32 = 1000
  ) throws(AccessLogError) {
    self.settings = settings
    self.patienceMilliseconds = patienceMilliseconds
    (descriptor, isRegular) = try LogFile.open(settings.path)
    begun = LogFile.begun(settings.path, now: now)
  }

  deinit { if descriptor > 2 { close(descriptor) } }

  /// Opens the path anew, after somebody has moved the file away; goes on with the old one if that
  /// fails.
  mutating func reopen(now: Int) {
    guard settings.path != nil else { return }
    do throws(AccessLogError) {
      let opened = try LogFile.open(settings.path)
      close(descriptor)
      (descriptor, isRegular) = opened
      begun = now
      isMidLine = false
    } catch {
      ErrorLog.error("\(error); going on with the old file")
    }
  }

  /// Writes the first `count` bytes of a block, which are whole lines, and tells how many of the
  /// lines were lost.
  mutating func write(_ block: [UInt8], count: Int, now: Int) -> UInt64 {
    rotateIfDue(adding: count, now: now)
    var start = 0
    // The fragment of a lost line gets a line of its own, and does not spoil the next.
    if !isMidLine || put([0x0A], from: 0, to: 1) == 1 {
      isMidLine = false
      while start < count {
        let written = put(block, from: start, to: count)
        if written <= 0 { break }
        start += written
      }
    }
    if start == count { return 0 }
    if start > 0 { isMidLine = block[start - 1] != 0x0A }
    var lost: UInt64 = 0
    for index in start..<count where block[index] == 0x0A { lost += 1 }
    return lost
  }

  /// One call of `write`, again when interrupted, and after a wait when a pipe is full.
  private mutating func put(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
    while true {
      // Safety: the kernel reads within the array, which stands still for the call.
      let written = unsafe bytes.withUnsafeBytes {
        unsafe CLinux.write(descriptor, $0.baseAddress?.advanced(by: start), end - start)
      }
      if written >= 0 { return written }
      switch linux_errno() {
      case EINTR: continue
      case EAGAIN:
        failure = LogFile.reason(EAGAIN)
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // Safety: the structure lives for the call.
        if unsafe poll(&ready, 1, patienceMilliseconds) <= 0 { return -1 }
      case let error:
        failure = LogFile.reason(error)
        return -1
      }
    }
  }
}

// MARK: Opening

extension LogFile {
  private static func open(
    _ path: String?
  ) throws(AccessLogError) -> (descriptor: Int32, isRegular: Bool) {
    guard let path else { return (1, false) }
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
    // Safety: the path is a C string for the call.
    let descriptor = unsafe linux_create(path, flags, 0o640)
    if descriptor < 0 { throw AccessLogError(path: path, reason: reason(linux_errno())) }
    var facts = stat()
    // Safety: the structure lives for the call.
    let isKnown = unsafe fstat(descriptor, &facts) == 0
    let kind = Int32(facts.st_mode) & S_IFMT
    guard isKnown, kind == S_IFREG || kind == S_IFIFO || kind == S_IFCHR else {
      close(descriptor)
      throw AccessLogError(path: path, reason: "it is no file")
    }
    return (descriptor, kind == S_IFREG)
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ELOOP: return "it is a symbolic link; name the file itself"
    case EISDIR: return "it is a folder"
    case ENXIO: return "it is a pipe that nothing reads"
    default:
      // Safety: the text is the library's and is copied at once.
      return unsafe String(cString: strerror(code))
    }
  }

  /// When the file was begun. One that was there before was begun when its predecessor ended.
  private static func begun(_ path: String?, now: Int) -> Int {
    guard let path else { return now }
    var (own, before) = (stat(), stat())
    // Safety: paths and structures live for the calls.
    let isThere = unsafe lstat(path, &own) == 0 && lstat("\(path).1", &before) == 0
    return isThere && own.st_size > 0 ? min(before.st_mtim.tv_sec, now) : now
  }
}

// MARK: Rotation

extension LogFile {
  /// Moves the file aside if `count` bytes more are too many, or if it is too old. The file may
  /// meanwhile have been cut, moved or deleted by others.
  private mutating func rotateIfDue(adding count: Int, now: Int) {
    guard isRegular, let path = settings.path else { return }
    var facts = stat()
    // Safety: the structure lives for the call.
    guard unsafe fstat(descriptor, &facts) == 0 else { return }
    if facts.st_nlink == 0 { return reopen(now: now) }
    let size = Int(facts.st_size)
    let isFull = settings.rotateBytes.map { size + count > $0 } ?? false
    let isOld = settings.rotateAgeSeconds.map { now - begun >= $0 } ?? false
    guard size > 0, isFull || isOld, now >= nextRotation else { return }
    var named = stat()
    // Safety: the path is a C string and the structure lives for the call.
    let isNamed = unsafe lstat(path, &named) == 0
    if isNamed, named.st_ino == facts.st_ino, named.st_dev == facts.st_dev {
      if !moveAside(path) {
        nextRotation = now + LogFile.rotationPauseSeconds
        return ErrorLog.error(
          "cannot rotate the access log \(path): \(LogFile.reason(linux_errno()))")
      }
    }
    reopen(now: now)
  }

  /// Makes `path.1` of the file and `path.2` of `path.1`, up to as many as are kept.
  private func moveAside(_ path: String) -> Bool {
    let keep = min(settings.keep, LogFile.keepMax)
    // Safety: the paths are C strings for the calls.
    if keep <= 0 { return unsafe unlink(path) == 0 }
    for number in stride(from: keep - 1, through: 1, by: -1) {
      // Safety: as above; one that is not there yet is nobody's fault.
      let failed = unsafe rename("\(path).\(number)", "\(path).\(number + 1)") != 0
      if failed, linux_errno() != ENOENT { return false }
    }
    // Safety: as above.
    return unsafe rename(path, "\(path).1") == 0
  }
}
