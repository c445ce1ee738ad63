import Base
import Foundation
import HTTP
import Testing

@testable import Telemetry

@Suite struct AccessLogTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func log(_ name: String = "access.log") throws -> AccessLog {
    try AccessLog(AccessLogSettings(path: folder.path(name), format: .json))
  }

  private static func append(_ path: String, to buffer: AccessLogBuffer) {
    buffer.append(
      Logging.record(), request: Logging.request(path: path), requestID: .empty, consumer: [],
      route: [], service: [], upstream: [], detail: [])
  }

  private func paths(_ name: String = "access.log") throws -> [String] {
    let text = folder.text(name) ?? ""
    return try text.split(separator: "\n").compactMap {
      try Logging.object(String($0))["path"] as? String
    }
  }

  /// Asks again and again, for ten seconds at most.
  private func wait(_ isDone: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try !isDone() {
      try #require(ContinuousClock.now < deadline)
      sched_yield()
    }
  }

  @Test func `What is flushed before closing is in the file`() throws {
    let log = try log()
    let buffer = AccessLogBuffer(log)
    Self.append("/one", to: buffer)
    Self.append("/two", to: buffer)
    buffer.flush()
    log.close()
    #expect(try paths() == ["/one", "/two"])
    #expect(log.droppedLines == 0)
  }

  @Test func `A loop that ends hands over its lines`() throws {
    let log = try log()
    do {
      let buffer = AccessLogBuffer(log)
      Self.append("/last", to: buffer)
    }
    log.close()
    #expect(try paths() == ["/last"])
  }

  @Test func `A log that is retired ends once nobody writes to it, and loses nothing`() throws {
    let log = try log()
    var buffers = [AccessLogBuffer(log), AccessLogBuffer(log)]
    log.retire()
    Self.append("/one", to: buffers[0])
    Self.append("/two", to: buffers[1])
    buffers.removeFirst()
    #expect(!log.isClosed)
    buffers.removeFirst()
    try wait { log.isClosed }
    #expect(try Set(paths()) == ["/one", "/two"])
    #expect(log.droppedLines == 0)
  }

  @Test func `Loops that write at once lose nothing and keep their order`() async throws {
    let log = try log()
    await withTaskGroup { group in
      for loop in 0..<4 {
        group.addTask {
          let buffer = AccessLogBuffer(log)
          for number in 0..<500 { Self.append("/\(loop)/\(number)", to: buffer) }
          buffer.flush()
        }
      }
    }
    log.close()
    let paths = try paths()
    #expect(log.droppedLines == 0)
    for loop in 0..<4 {
      #expect(paths.filter { $0.hasPrefix("/\(loop)/") } == (0..<500).map { "/\(loop)/\($0)" })
    }
  }

  @Test func `Reopening goes on in a new file`() throws {
    let log = try log()
    let buffer = AccessLogBuffer(log)
    Self.append("/before", to: buffer)
    buffer.flush()
    // The lines must be in the file before it is moved; there is no other event to wait for.
    try wait { try !paths().isEmpty }
    try folder.move("access.log", to: "moved")
    log.reopen()
    try wait { folder.text("access.log") != nil }
    Self.append("/after", to: buffer)
    buffer.flush()
    log.close()
    #expect(try paths("moved") == ["/before"])
    #expect(try paths() == ["/after"])
  }

  @Test func `Lines after the close are counted as lost`() throws {
    let log = try log()
    let buffer = AccessLogBuffer(log)
    log.close()
    Self.append("/late", to: buffer)
    buffer.flush()
    #expect(log.droppedLines == 1)
    #expect(folder.text("access.log") == "")
  }

  @Test func `A log that cannot be opened says why at once`() {
    #expect(throws: AccessLogError.self) { try log("none/access.log") }
  }

  @Test func `A full disk is counted and the loop goes on`() throws {
    let log = try AccessLog(AccessLogSettings(path: "/dev/full", format: .json))
    let buffer = AccessLogBuffer(log)
    for number in 0..<100 { Self.append("/\(number)", to: buffer) }
    buffer.flush()
    log.close()
    #expect(log.droppedLines == 100)
  }

  @Test func `Blocks are used again`() throws {
    let log = try log()
    var seen: Set<Int> = []
    var bytes = [UInt8](repeating: 0x0A, count: AccessLogBuffer.blockBytes)
    for _ in 0..<200 {
      // Safety: the address is compared, and never read from.
      unsafe seen.insert(bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) })
      log.exchange(&bytes, count: 1, lines: 1)
      #expect(bytes.count == AccessLogBuffer.blockBytes)
    }
    log.close()
    #expect(log.droppedLines + UInt64(folder.text("access.log")?.utf8.count ?? 0) == 200)
    #expect(seen.count < 100)
  }
}
