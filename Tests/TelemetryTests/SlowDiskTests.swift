import Base
import Foundation
import HTTP
import Testing

@testable import Telemetry

@Suite struct SlowDiskTests {
  private let folder: Folder
  private let path: String

  init() throws {
    folder = try Folder()
    path = folder.path("pipe")
  }

  /// Lines of 100 bytes, by numbers.
  private func lines(_ numbers: Range<Int>) -> [UInt8] {
    numbers.flatMap { number -> [UInt8] in
      let text = String(number)
      return Array(text.utf8) + [UInt8](repeating: 0x20, count: 99 - text.count) + [0x0A]
    }
  }

  @Test func `What does not fit is counted and leaves at most one fragment on its own line`() throws
  {
    let pipe = try #require(Pipe(path))
    var file = try LogFile(
      AccessLogSettings(path: path, format: .json), now: 0, patienceMilliseconds: 1)
    let block = lines(0..<1000)
    let lost = file.write(block, count: block.count, now: 0)
    #expect(lost > 0 && lost < 1000)
    // Nothing fits at all now.
    #expect(file.write(lines(1000..<1010), count: 1000, now: 0) == 10)
    var got = pipe.read()
    #expect(file.write(lines(2000..<2003), count: 300, now: 0) == 0)
    got += pipe.read()
    let written = String(decoding: got, as: UTF8.self).split(separator: "\n")
    let whole = written.filter { $0.utf8.count == 99 }.compactMap {
      Int($0.prefix { $0.isNumber })
    }
    #expect(whole == Array(0..<(1000 - Int(lost))) + [2000, 2001, 2002])
    #expect(written.count - whole.count <= 1)
  }

  @Test func `A reader that goes away costs lines and not the process`() throws {
    let block = lines(0..<10)
    var pipe = Pipe(path)
    try #require(pipe != nil)
    let log = try AccessLog(
      AccessLogSettings(path: path, format: .json), patienceMilliseconds: 1)
    pipe = nil
    var bytes = block
    log.exchange(&bytes, count: block.count, lines: 10)
    log.close()
    #expect(log.droppedLines == 10)
  }

  @Test func `A queue that is full drops blocks and every line is accounted for`() throws {
    let pipe = try #require(Pipe(path))
    // The writer waits at the full pipe for longer than the loop below takes.
    let log = try AccessLog(
      AccessLogSettings(path: path, format: .json), patienceMilliseconds: 200)
    let buffer = AccessLogBuffer(log)
    let request = Logging.request(path: "/" + String(repeating: "x", count: 1800))
    var count = 0
    while log.droppedLines == 0, count < 10_000 {
      buffer.append(
        Logging.record(), request: request, requestID: .empty, consumer: [], route: [],
        service: [], upstream: [], detail: [])
      count += 1
    }
    buffer.flush()
    #expect(log.droppedLines > 0)
    // 64 blocks of 32 KiB and what the pipe and the writer hold: memory has a bound.
    #expect(count < 1500)
    var got: [UInt8] = []
    func whole() -> Int {
      String(decoding: got, as: UTF8.self).split(separator: "\n")
        .filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.count
    }
    let deadline = ContinuousClock.now + .seconds(10)
    while whole() + Int(log.droppedLines) < count, ContinuousClock.now < deadline {
      got += pipe.read()
    }
    log.close()
    #expect(whole() > 0)
    #expect(whole() + Int(log.droppedLines) == count)
  }
}
