import Foundation
import Glibc

/// A named pipe with a reader that never reads.
final class FullPipe {
  let path: String
  private let folder: URL
  private let reader: Int32

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "pipe").path
    // Safety: the path is a C string for the calls, here and below.
    guard unsafe mkfifo(path, 0o600) == 0 else { throw SocketError(errno) }
    reader = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  }

  deinit {
    close(reader)
    try? FileManager.default.removeItem(at: folder)
  }

  /// Writes until nothing more goes in; by a descriptor of its own, so that others still wait.
  func fill() {
    // Safety: as above.
    let writer = unsafe open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    let bytes = [UInt8](repeating: 0x0A, count: 4096)
    // Safety: no byte beyond the array is written.
    while unsafe write(writer, bytes, bytes.count) > 0 {}
    close(writer)
  }
}
