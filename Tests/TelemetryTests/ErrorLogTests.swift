import Testing

@testable import Telemetry

@Suite struct ErrorLogTests {
  private func line(
    _ message: String, times: Int = 0, isAgain: Bool = true, heldBack: Int = 0
  ) -> String {
    String(
      decoding: ErrorLog.line(
        .warning, message, times: times, isAgain: isAgain, heldBack: heldBack,
        wallMilliseconds: Logging.moment), as: UTF8.self)
  }

  @Test func `A line tells time, severity and message`() {
    #expect(line("disk full") == "2026-02-03T04:05:06.789Z warning disk full\n")
    #expect(line("x", heldBack: 3).hasSuffix(" warning x (3 messages held back)\n"))
    #expect(line("x", times: 2).hasSuffix(" warning x (and 2 more before)\n"))
    #expect(line("x", times: 2, isAgain: false).hasSuffix(" warning x (2 more)\n"))
  }

  @Test(arguments: [
    ("a\nb", "a\\u{a}b"), ("a\r\u{1B}[2J", "a\\u{d}\\u{1b}[2J"), ("\u{0}", "\\u{0}"),
    ("\u{9B}1m", "\\u{9b}1m"), ("\u{202E}x", "\\u{202e}x"), ("\u{2028}", "\\u{2028}"),
    ("/srv/café", "/srv/café"), ("\u{200B}", "\\u{200b}"),
  ])
  func `What others wrote cannot leave its line`(message: String, shown: String) {
    #expect(line(message).hasSuffix(" warning \(shown)\n"))
  }

  @Test func `A long message is cut`() {
    let length = line(String(repeating: "\u{0}", count: 100_000)).utf8.count
    #expect(length > 2000 && length < 2200)
  }

  @Test func `What repeats is written ever more rarely, and how often it came is told`() {
    var gate = ErrorLogGate()
    var written: [(at: UInt64, times: Int)] = []
    for moment in stride(from: 0, through: 400_000, by: 100) as StrideThrough<UInt64> {
      if case .write(let times, _) = gate.admit(.error, "a", wallMilliseconds: 5000 + moment) {
        written.append((moment, times))
      }
    }
    #expect(
      written.map(\.at) == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363].map { $0 * 1000 })
    #expect(written.map(\.times).prefix(4) == [0, 9, 19, 39])
    // Every one is told of in the end.
    let rest = gate.settle(wallMilliseconds: 405_001, atEnd: true)
    #expect(rest.map(\.message) == ["a"])
    #expect(written.count + written.reduce(0) { $0 + $1.times } + rest[0].times == 4001)
  }

  @Test func `What has stopped is told of when its time is over`() {
    var gate = ErrorLogGate()
    for _ in 0..<5 { _ = gate.admit(.warning, "a", wallMilliseconds: 100) }
    #expect(gate.settle(wallMilliseconds: 1099).isEmpty)
    let due = gate.settle(wallMilliseconds: 1100)
    #expect(due.map(\.times) == [4])
    #expect(due.map(\.level) == [.warning])
    #expect(gate.settle(wallMilliseconds: 500_000).isEmpty)
  }

  @Test func `After a while of silence a message is new again`() {
    var gate = ErrorLogGate()
    for second in [0, 1, 3, 7, 15] as [UInt64] {
      #expect(gate.admit(.error, "a", wallMilliseconds: second * 1000) == write)
    }
    #expect(gate.admit(.error, "a", wallMilliseconds: 20_000) == .hold)
    #expect(gate.admit(.error, "a", wallMilliseconds: 200_000) == .write(times: 1, heldBack: 0))
    #expect(gate.admit(.error, "a", wallMilliseconds: 201_000) == write)
  }

  @Test func `One message does not hold another back`() {
    var gate = ErrorLogGate()
    #expect(gate.admit(.error, "a", wallMilliseconds: 0) == write)
    #expect(gate.admit(.error, "a", wallMilliseconds: 1) == .hold)
    #expect(gate.admit(.error, "b", wallMilliseconds: 2) == write)
  }

  @Test func `A clock that is set back silences nothing for long`() {
    var gate = ErrorLogGate()
    #expect(gate.admit(.error, "a", wallMilliseconds: 9_000_000) == write)
    #expect(gate.admit(.error, "a", wallMilliseconds: 1000) == .hold)
    #expect(gate.admit(.error, "a", wallMilliseconds: 2000) == .write(times: 1, heldBack: 0))
  }

  @Test func `A flood of messages is bounded`() {
    var gate = ErrorLogGate()
    let written = (0..<10_000).filter {
      gate.admit(.error, "message \($0)", wallMilliseconds: 9000) != .hold
    }
    #expect(written.count == ErrorLogGate.messagesPerSecondMax)
    #expect(
      gate.admit(.error, "after", wallMilliseconds: 10_000) == .write(times: 0, heldBack: 9900))
  }

  @Test func `What is below the level is not even made`() {
    func make() -> String {
      Issue.record("it was made")
      return ""
    }
    // Nothing sets the level here: it is for the whole process.
    ErrorLog.debug(make())
  }

  private let write = ErrorLogGate.Decision.write(times: 0, heldBack: 0)
}
