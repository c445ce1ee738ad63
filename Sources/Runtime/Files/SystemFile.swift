import Base
import CLinux

/// Reads and writes whole files, as is done when a configuration is loaded and never in between.
public enum SystemFile {
  /// The bytes of the file at `path`, symbolic links followed; throws if there are more than
  /// `bytesMax`. A pipe will do, a folder or device will not.
  public static func read(_ path: String, bytesMax: Int) throws(FileError) -> [UInt8] {
    // Safety: the compiler passes the path as a C string that lives as long as the call.
    let file = unsafe linux_open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileError(linux_errno()) }
    defer { close(file) }
    try checkKind(of: file)
    return try read(file, bytesMax: bytesMax)
  }

  /// The bytes that are yet to come from an open file; throws if there are more than `bytesMax`.
  static func read(_ file: Int32, bytesMax: Int) throws(FileError) -> [UInt8] {
    var buffer = ByteBuffer()
    while buffer.count <= bytesMax {
      // Safety: the kernel writes at most as many bytes as the free space holds.
      let count = unsafe buffer.writeUnsafe(minimum: 16_384) { room in
        unsafe CLinux.read(file, room.baseAddress, room.count)
      }
      if count < 0 {
        let number = linux_errno()
        if number == EINTR { continue }
        throw FileError(number)
      }
      if count == 0 { break }
    }
    guard buffer.count <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
    let count = buffer.count
    return Array(buffer.takeStorage().prefix(count))
  }

  private static func checkKind(of file: Int32) throws(FileError) {
    var status = stat()
    // Safety: the call fills the structure that it is lent.
    guard unsafe fstat(file, &status) == 0 else { throw FileError(linux_errno()) }
    switch Int32(bitPattern: status.st_mode) & S_IFMT {
    case S_IFDIR: throw .folder
    case S_IFCHR, S_IFBLK: throw .device
    default: return
    }
  }

  /// Whether anything is at `path`, be it a symbolic link that leads nowhere.
  public static func isThere(_ path: String) -> Bool {
    var status = stat()
    // Safety: the path is a C string for the call, which fills the structure that it is lent.
    return unsafe lstat(path, &status) == 0
  }

  /// The permission bits of the file at `path`; nil if there is none.
  public static func permissions(_ path: String) -> UInt32? {
    var status = stat()
    // Safety: the path is a C string for the call, which fills the structure that it is lent.
    return unsafe stat(path, &status) == 0 ? UInt32(status.st_mode) & 0o7777 : nil
  }

  // MARK: Writing

  /// Writes a file that others see whole or not at all, with these permission bits from its first
  /// byte on. Unless `replacing`, throws `exists` if anything is at `path`.
  public static func write(
    _ bytes: [UInt8], to path: String, permissions: UInt32 = 0o644, replacing: Bool = false
  ) throws(FileError) {
    var temporary = Array("\(path).XXXXXX".utf8CString)
    // Safety: the template is a C string that the call changes in place; nobody else has it.
    let file = unsafe temporary.withUnsafeMutableBufferPointer { name in
      guard let start = name.baseAddress else { return Int32(-1) }
      return unsafe mkstemp(start)
    }
    guard file >= 0 else { throw FileError(linux_errno()) }
    defer {
      // Safety: the name ends in the zero that it was made with.
      unsafe temporary.withUnsafeBufferPointer { name in
        if let start = name.baseAddress { _ = unsafe unlink(start) }
      }
    }
    do {
      defer { close(file) }
      try write(bytes, to: file)
      guard fchmod(file, permissions) == 0, fsync(file) == 0 else {
        throw FileError(linux_errno())
      }
    }
    // A link to a name that is taken fails, whoever took it just now; a move does not.
    // Safety: both are C strings for the call.
    let result = unsafe temporary.withUnsafeBufferPointer { name in
      guard let start = name.baseAddress else { return Int32(-1) }
      return unsafe replacing ? rename(start, path) : link(start, path)
    }
    guard result == 0 else { throw FileError(linux_errno()) }
  }

  static func write(_ bytes: [UInt8], to file: Int32) throws(FileError) {
    var start = 0
    while start < bytes.count {
      // Safety: the kernel reads within the array, which stands still for the call.
      let count = unsafe bytes[start...].withUnsafeBytes { rest in
        unsafe CLinux.write(file, rest.baseAddress, rest.count)
      }
      if count < 0 {
        let number = linux_errno()
        if number == EINTR { continue }
        throw FileError(number)
      }
      start += count
    }
  }

  /// Makes the folder at `path` and those above it that are missing.
  public static func makeFolder(_ path: String, permissions: UInt32 = 0o755) throws(FileError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += part
      // Safety: the path is a C string for the call.
      if unsafe mkdir(made, permissions) != 0 {
        let number = linux_errno()
        guard number == EEXIST else { throw FileError(number) }
      }
      made += "/"
    }
  }

  /// Takes the file at `path` away; that there is none is no error.
  public static func remove(_ path: String) throws(FileError) {
    // Safety: the path is a C string for the call.
    guard unsafe unlink(path) != 0 else { return }
    let number = linux_errno()
    if number != ENOENT { throw FileError(number) }
  }
}
