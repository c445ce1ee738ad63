import Foundation

/// A server of Redis on a port of the loopback interface; it ends with this object.
final class RedisServer {
  let port: UInt16
  let folder: URL
  private let options: [String]
  private var process = Process()

  /// Starts a server that keeps what it has on the disk; `options` are further ones of its own.
  init(_ options: [String] = [], port: UInt16? = nil) throws {
    self.port = try port ?? Socket.freePort()
    self.options = options
    folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-redis-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try start()
  }

  deinit {
    if process.isRunning {
      kill(process.processIdentifier, SIGCONT)
      kill(process.processIdentifier, SIGKILL)
    }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Starts the server again.
  func start() throws {
    process = Process()
    process.executableURL = URL(filePath: "/usr/bin/redis-server")
    process.arguments =
      [
        "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.path, "--save", "",
        "--appendonly", "yes", "--appendfsync", "everysec",
      ] + options
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    try Waiting.until("redis-server") { (try? Socket.connected(to: port)) != nil }
  }

  /// Ends it as a crash would.
  func crash() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Has it stand still, or go on.
  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// What a command answers, as its client prints it to a file.
  @discardableResult
  func command(_ words: [String], options: [String] = []) throws -> String {
    try Command.run(
      URL(filePath: "/usr/bin/redis-cli"), ["-p", "\(port)"] + options + words, in: folder
    ).output
  }

  /// All keys there are.
  func keys() throws -> [String] {
    try command(["KEYS", "*"]).split(separator: "\n").map(String.init)
  }

  /// How often it ran programs, by their digest or with their text.
  func runs() throws -> Int {
    var count = 0
    for line in try command(["INFO", "commandstats"]).split(whereSeparator: \.isNewline)
    where line.hasPrefix("cmdstat_evalsha:") || line.hasPrefix("cmdstat_eval:") {
      let number = line.split(separator: "=").dropFirst().first?.prefix { $0.isNumber }
      count += number.flatMap { Int($0) } ?? 0
    }
    return count
  }
}
