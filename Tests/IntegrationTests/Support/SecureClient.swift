import Foundation
import Glibc

/// A connection by TLS that stays open: `openssl s_client`, talked to line by line.
final class SecureClient {
  private let process = Process()
  private let input = Pipe()
  private let output: URL

  /// Connects to the gateway under `name`, with more arguments for `s_client`.
  init(_ authority: TestAuthority, _ name: String, port: UInt16, _ more: [String] = []) throws {
    output = authority.folder.appending(path: "session-\(UUID())")
    try Data().write(to: output)
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments =
      [
        "s_client", "-quiet", "-connect", "127.0.0.1:\(port)", "-servername", name, "-CAfile",
        "ca.pem",
      ] + more
    process.currentDirectoryURL = authority.folder
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// Whether the other side has ended the connection.
  var hasEnded: Bool { !process.isRunning }

  func send(_ text: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
  }

  /// Whether `text` comes, in the end.
  func awaits(_ text: String) -> Bool {
    (try? Waiting.until(text) {
      (try? String(contentsOf: self.output, encoding: .utf8))?.contains(text) == true
    }) != nil
  }
}
