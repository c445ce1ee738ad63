import Foundation
import Glibc

/// The real binary, run in a folder of its own until this is let go.
final class RunningGateway {
  let port: UInt16
  let adminPort: UInt16
  let folder: URL
  private let workers: Int
  private var process = Process()
  private let pipe: String?
  /// The file that standard error goes to.
  private var messagesFile = "messages"

  /// Starts the gateway with `services`, lines of YAML below that key, and waits until it serves.
  ///
  /// With `descriptors` it may have no more than that many. With `messagesTo` standard error is a
  /// pipe that is somebody else's to read.
  init(
    services: String, listener: String = "", rest: String = "", workers: Int = 2,
    logging: String = "access.log", descriptors: Int? = nil, messagesTo pipe: String? = nil,
    secret: String? = nil, more: String = ""
  ) throws {
    self.workers = workers
    self.pipe = pipe
    (port, adminPort) = try Socket.freePorts()
    folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if let secret { try Data(secret.utf8).write(to: folder.appending(path: "secret")) }
    try write(services: services, listener: listener, rest: rest, logging: logging, more: more)
    let messages = folder.appending(path: "messages")
    try Data().write(to: messages)
    process.executableURL = RunningGateway.binary
    process.arguments = ["run", "--config", "gatehouse.yaml"]
    if let descriptors {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = [
        "-c",
        "ulimit -n \(descriptors); exec '\(RunningGateway.binary.path)' run --config gatehouse.yaml",
      ]
    }
    process.currentDirectoryURL = folder
    process.standardError = try FileHandle(
      forWritingTo: pipe.map { URL(filePath: $0) } ?? messages)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    try Waiting.until("ready: \(self.messages)") { !self.isRunning || self.saidReady }
    guard isRunning else { throw GatewayError.left(messages: self.messages) }
  }

  /// Starts it anew in its folder, after it has ended.
  func restart() throws {
    let messages = folder.appending(path: "messages")
    try Data().write(to: messages)
    process = Process()
    process.executableURL = RunningGateway.binary
    process.arguments = ["run", "--config", "gatehouse.yaml"]
    process.currentDirectoryURL = folder
    process.standardError = try FileHandle(forWritingTo: messages)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    try Waiting.until("ready: \(self.messages)") { !self.isRunning || self.saidReady }
    guard isRunning else { throw GatewayError.left(messages: self.messages) }
  }

  /// Starts another process in the folder, which is to take over, and waits until it serves, or has
  /// ended.
  private func startNext() throws -> Process {
    messagesFile += "+"
    let messages = folder.appending(path: messagesFile)
    try Data().write(to: messages)
    let next = Process()
    next.executableURL = RunningGateway.binary
    next.arguments = ["run", "--config", "gatehouse.yaml", "--take-over"]
    next.currentDirectoryURL = folder
    next.standardError = try FileHandle(forWritingTo: messages)
    next.standardOutput = FileHandle.nullDevice
    try next.run()
    try Waiting.until("ready: \(self.messages)") { !next.isRunning || self.saidReady }
    return next
  }

  /// Has another process take over from this one; the status that this one ends with.
  func takeOver() throws -> Int32 { try ended(try follow()) }

  /// Has another process take over; the one before, which need not have ended.
  func follow() throws -> Process {
    let before = process
    process = try startNext()
    guard isRunning else { throw GatewayError.left(messages: messages) }
    return before
  }

  /// The status of a process before, once it has ended.
  func ended(_ before: Process) throws -> Int32 {
    try Waiting.until("the end of the process before") { !before.isRunning }
    return before.terminationStatus
  }

  /// Has another process try to take over that cannot; the status that it ends with.
  func failToTakeOver() throws -> Int32 {
    let next = try startNext()
    try Waiting.until("the end of the process that cannot") { !next.isRunning }
    return next.terminationStatus
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  static var binary: URL {
    if let path = ProcessInfo.processInfo.environment["GATEHOUSE_BINARY"] {
      return URL(filePath: path)
    }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: ".build/debug/gatehouse")
  }

  /// Writes the configuration anew; a reload reads it. `logging` is what stands for the access log.
  func write(
    services: String, listener: String = "", rest: String = "", logging: String = "access.log",
    more: String = ""
  ) throws {
    let text = """
      workers: \(workers)
      listeners:
        - bind: 127.0.0.1:\(port)
      \(listener)
      admin: { bind: 127.0.0.1:\(adminPort) }
      services:
      \(services)
      logging: { access: \(logging)\(more.isEmpty ? "" : ", \(more)") }
      \(rest)

      """
    try Data(text.utf8).write(to: folder.appending(path: "gatehouse.yaml"))
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  var isRunning: Bool { process.isRunning }

  var processIdentifier: Int32 { process.processIdentifier }

  /// Memory that the process holds.
  var residentBytes: Int {
    let path = "/proc/\(process.processIdentifier)/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return 1024 * (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0)
  }

  /// The exit status, once there is one.
  func status() throws -> Int32 {
    try Waiting.until("the end of the gateway") { !process.isRunning }
    return process.terminationStatus
  }

  /// What it wrote to standard error.
  var messages: String { text(of: messagesFile) }

  /// The access log, by lines.
  var accessLog: [Substring] { text(of: "access.log").split(separator: "\n") }

  func client() throws -> Client { try Client(port: port) }

  /// The value of a metric, by its name with its labels as they are written; nil if it is not told.
  func metric(_ series: String) throws -> Double? {
    let text = try Client(port: adminPort).request(
      "GET", "/metrics", host: "127.0.0.1:\(adminPort)"
    ).body
    for line in text.split(separator: "\n") where line.hasPrefix(series + " ") {
      return Double(line.dropFirst(series.utf8.count + 1))
    }
    return nil
  }

  /// The lines of the access log that are not about the admin listener.
  private var ownLines: [Substring] { accessLog.filter { !$0.contains("\"route\":\"admin\"") } }

  /// The access log as objects, without those of the admin listener: at least `count`, and all that
  /// there are once the gateway has ended.
  func entries(_ count: Int) throws -> [[String: Any]] {
    try Waiting.until("\(count) lines: \(accessLog)") { ownLines.count >= count }
    signal(SIGTERM)
    _ = try status()
    return try ownLines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return object as? [String: Any] ?? [:]
    }
  }

  private var saidReady: Bool {
    if pipe == nil { return messages.contains("gatehouse: ready\n") }
    let answer = try? Client(port: adminPort).request("GET", "/readyz", host: "localhost")
    return answer?.status == 200
  }

  /// The text of a file in the folder; empty if there is none.
  func text(of file: String) -> String {
    (try? String(contentsOf: folder.appending(path: file), encoding: .utf8)) ?? ""
  }
}

/// The gateway did not do what a test needs before it can begin.
enum GatewayError: Error {
  case left(messages: String)
  case late(String)
}
