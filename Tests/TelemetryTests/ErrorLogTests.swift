import Testing

@testable import Telemetry

@Suite struct ErrorLogTests {
  private func line(_ message: String, heldBack: Int = 0) -> String {
    String(
      decoding: ErrorLog.line(
        .warning, message, heldBack: heldBack, wallMilliseconds: Logging.moment), as: UTF8.self)
  }

  @Test func `A line tells time, severity and message`() {
    #expect(line("disk full") == "2026-02-03T04:05:06.789Z warning disk full\n")
    #expect(line("x", heldBack: 3).hasSuffix(" warning x (3 messages held back)\n"))
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

  @Test func `What is below the level is left out`() {
    var gate = ErrorLogGate()
    #expect(gate.admit(.debug, "a", wallMilliseconds: 0) == nil)
    #expect(gate.admit(.info, "a", wallMilliseconds: 0) == 0)
    gate.least = .error
    #expect(gate.admit(.warning, "b", wallMilliseconds: 0) == nil)
    #expect(gate.admit(.error, "c", wallMilliseconds: 0) == 0)
  }

  @Test func `The same message is written once a second and the rest is told`() {
    var gate = ErrorLogGate()
    #expect(gate.admit(.error, "a", wallMilliseconds: 5000) == 0)
    #expect(gate.admit(.error, "a", wallMilliseconds: 5500) == nil)
    #expect(gate.admit(.error, "a", wallMilliseconds: 5999) == nil)
    #expect(gate.admit(.error, "b", wallMilliseconds: 5999) == 2)
    #expect(gate.admit(.error, "a", wallMilliseconds: 6000) == 0)
  }

  @Test func `A flood of messages is bounded`() {
    var gate = ErrorLogGate()
    let written = (0..<10_000).filter {
      gate.admit(.error, "message \($0)", wallMilliseconds: 9000) != nil
    }
    #expect(written.count == ErrorLogGate.messagesPerSecondMax)
    #expect(gate.admit(.error, "after", wallMilliseconds: 10_000) == 9900)
  }
}
