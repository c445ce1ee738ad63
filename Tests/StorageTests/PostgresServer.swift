import Foundation

/// A server of PostgreSQL in a folder of its own, by a socket in that folder alone; it ends with
/// this object.
final class PostgresServer {
  let folder: URL
  private var process = Process()

  /// Makes a cluster and starts the server. It runs as another user where this one is root, which
  /// PostgreSQL refuses to be.
  init() throws {
    // Short: the path of a socket has at most 107 bytes.
    folder = URL(filePath: "/tmp/gatehouse-pg-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    if geteuid() == 0 {
      try FileManager.default.setAttributes(
        [.ownerAccountID: PostgresServer.nobody, .posixPermissions: 0o755],
        ofItemAtPath: folder.path)
    }
    let made = try PostgresServer.run(
      "initdb",
      ["-D", folder.path + "/data", "-A", "trust", "-U", "gatehouse", "-E", "UTF8", "--no-sync"])
    made.waitUntilExit()
    guard made.terminationStatus == 0 else { throw PostgresError.failed("initdb") }
    try start()
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(at: folder)
  }

  private static let nobody = 65_534

  /// A URL of the database `name`.
  func url(_ name: String = "postgres") -> String {
    "postgres:///\(name)?host=\(folder.path)&user=gatehouse"
  }

  /// Starts the server again.
  func start() throws {
    process = try PostgresServer.run(
      "postgres",
      [
        "-D", folder.path + "/data", "-k", folder.path, "-c", "listen_addresses=",
        "-c", "fsync=off", "-c", "max_connections=40", "-c", "shared_buffers=16MB",
      ])
    let deadline = Date().addingTimeInterval(20)
    while !isAnswering {
      guard Date() < deadline, process.isRunning else { throw PostgresError.failed("postgres") }
      usleepFor(milliseconds: 50)
    }
  }

  private var isAnswering: Bool {
    guard
      let asked = try? PostgresServer.run(
        "psql", ["-h", folder.path, "-U", "gatehouse", "-d", "postgres", "-c", "SELECT 1"])
    else { return false }
    asked.waitUntilExit()
    return asked.terminationStatus == 0
  }

  /// Tells the server to end and takes its folder away, without waiting for either.
  func end() {
    kill(process.processIdentifier, SIGQUIT)
    try? FileManager.default.removeItem(at: folder)
  }

  /// Stops the server at once, as a crash would.
  func stop() {
    guard process.isRunning else { return }
    // The postmaster takes its children with it.
    kill(process.processIdentifier, SIGQUIT)
    process.waitUntilExit()
  }

  /// Makes an empty database.
  func makeDatabase(_ name: String) throws -> String {
    let made = try PostgresServer.run(
      "psql",
      ["-h", folder.path, "-U", "gatehouse", "-d", "postgres", "-c", "CREATE DATABASE \(name)"])
    made.waitUntilExit()
    guard made.terminationStatus == 0 else { throw PostgresError.failed("CREATE DATABASE") }
    return url(name)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    let path = try path(of: program)
    if geteuid() == 0 {
      process.executableURL = URL(filePath: "/usr/bin/setpriv")
      process.arguments =
        ["--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups", path] + arguments
    } else {
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(filePath: "/tmp")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Debian keeps the server's programs by version, beside the path.
  private static func path(of program: String) throws -> String {
    let base = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
    let newest = versions.compactMap { Int($0) }.max()
    let candidates = newest.map { ["\(base)/\($0)/bin/\(program)"] } ?? []
    for path in candidates + ["/usr/bin/\(program)", "/usr/local/bin/\(program)"]
    where FileManager.default.isExecutableFile(atPath: path) {
      return path
    }
    throw PostgresError.failed("\(program) is not there: 'make deps' installs it")
  }

  private func usleepFor(milliseconds: Int) {
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(milliseconds))
  }
}

/// The server did not do what a test needs before it can begin.
enum PostgresError: Error {
  case failed(String)
}
