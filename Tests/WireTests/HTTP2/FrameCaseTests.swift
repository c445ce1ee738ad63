import Testing

@testable import Wire

/// What a client may send and what it may not, and what it gets for it (RFC 9113, RFC 7541).
@Suite struct FrameCaseTests {
  /// What a case comes to.
  enum Outcome: Equatable {
    /// The connection goes on, and a request behind is answered.
    case goesOn
    /// The connection ends with this code.
    case connection(HTTP2ErrorCode)
    /// The stream ends with this code, and the connection goes on.
    case stream(HTTP2ErrorCode)
  }

  struct Case: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let outcome: Outcome
    /// Whether requests are left unanswered, so that their streams stay half closed.
    var holds = false

    var testDescription: String { name }
  }

  // H2-07.
  @Test(arguments: FrameCases.all) func `A case of frames comes to what it must`(_ given: Case) {
    let connection = ServedConnection(answers: !given.holds)
    connection.feed(given.bytes)
    let sent = connection.frames()
    switch given.outcome {
    case .connection(let code):
      let last = sent.last { $0.type == Frame.goAway }
      #expect(last?.code == code.rawValue, "\(connection.reasons)")
      #expect(connection.isFailed)
    case .stream(let code):
      let reset = sent.first { $0.type == Frame.rstStream }
      #expect(reset?.code == code.rawValue, "\(connection.reasons) \(sent)")
      #expect(!connection.isFailed)
    case .goesOn:
      #expect(!connection.isFailed, "\(connection.reasons)")
      #expect(!sent.contains { $0.type == Frame.rstStream }, "\(connection.reasons)")
      let before = connection.heads.count
      connection.feed(Frame.request(199))
      #expect(connection.heads.count == before + 1)
    }
  }

  @Test(arguments: [1, 2, 3, 5, 8, 13]) func `Frames may come in pieces of any size`(_ step: Int) {
    for given in FrameCases.all {
      let whole = ServedConnection(answers: !given.holds)
      whole.feed(given.bytes)
      let pieces = ServedConnection(answers: !given.holds)
      for at in stride(from: 0, to: given.bytes.count, by: step) {
        pieces.feed(Array(given.bytes[at..<min(at + step, given.bytes.count)]))
      }
      #expect(whole.frames() == pieces.frames(), "\(given.name)")
    }
  }
}
