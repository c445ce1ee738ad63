import CLinux

/// A pipe with a name in a folder, and the end that reads it when it is told to.
final class Pipe {
  private let descriptor: Int32

  /// Makes the pipe and opens its reading end.
  init?(_ path: String) {
    // Safety: the path is a C string for the calls.
    guard unsafe mkfifo(path, 0o600) == 0 else { return nil }
    descriptor = unsafe linux_open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// All that is in the pipe now.
  func read() -> [UInt8] {
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      // Safety: the kernel writes into the array, no more than it holds.
      let count = unsafe part.withUnsafeMutableBytes {
        unsafe CLinux.read(descriptor, $0.baseAddress, $0.count)
      }
      if count <= 0 { return all }
      all += part[..<count]
    }
  }
}
