import JOSE
import Testing

// JWT-13, DOS-16.
@Suite struct KeySetStateTests {
  private let document = Array(
    (#"{"keys":[{"kty":"EC","crv":"P-256","x":"eR7Doa3wCDcWCKUrSujRqGAmOmRsPM9B4xTwLbxp_bo","#
      + #""y":"1WhDjwSnVppD_CgZquM6g-3h3nv2tVvTd-DBuep0B1I"}]}"#).utf8)

  /// A state that expectations can change.
  private final class Held {
    private var state = KeySetState()

    var generation: UInt32 { state.generation }
    func keys(at now: UInt64) -> JSONWebKeySet? { state.keys(at: now) }
    func keyIsUnknown() { state.keyIsUnknown() }
    func beginsFetch(at now: UInt64) -> Bool { state.beginsFetch(at: now) }
    func failed() { state.failed() }
    func fetched(_ document: [UInt8], at now: UInt64) throws(JWKError) {
      try state.fetched(document, at: now)
    }
  }

  @Test func `A set is fetched at once, and again when it is old`() throws {
    let state = Held()
    #expect(state.keys(at: 0) == nil)
    #expect(state.beginsFetch(at: 0))
    #expect(!state.beginsFetch(at: 40_000), "one is under way")
    try state.fetched(document, at: 100)
    #expect(state.keys(at: 100)?.keys.count == 1)
    #expect(!state.beginsFetch(at: 600_099))
    #expect(state.beginsFetch(at: 600_100))
  }

  @Test func `A million unknown keys cause one fetch per cool-down`() throws {
    let state = Held()
    #expect(state.beginsFetch(at: 0))
    try state.fetched(document, at: 0)
    var fetches = 0
    for now in stride(from: UInt64(0), to: 120_000, by: 1) {
      for _ in 0..<8 { state.keyIsUnknown() }
      if state.beginsFetch(at: now) {
        fetches += 1
        try state.fetched(document, at: now)
      }
    }
    #expect(fetches == 3)
  }

  @Test func `Failures wait longer each time, and the old keys go on for a day`() throws {
    let state = Held()
    #expect(state.beginsFetch(at: 0))
    try state.fetched(document, at: 0)
    var attempts: [UInt64] = []
    for second in UInt64(600)..<3_000 where state.beginsFetch(at: second * 1000) {
      attempts.append(second)
      state.failed()
    }
    #expect(attempts.prefix(5) == [600, 630, 690, 810, 1050])
    #expect(zip(attempts, attempts.dropFirst()).allSatisfy { $1 - $0 <= 300 })
    #expect(state.keys(at: 86_400_000) != nil)
    #expect(state.keys(at: 86_400_001) == nil)
  }

  @Test func `A document that is no key set is a failure, and the keys stay`() throws {
    let state = Held()
    #expect(state.beginsFetch(at: 0))
    try state.fetched(document, at: 0)
    let generation = state.generation
    #expect(state.beginsFetch(at: 600_000))
    #expect(throws: JWKError.self) { try state.fetched(Array("{}".utf8), at: 600_001) }
    #expect(state.generation == generation)
    #expect(state.keys(at: 600_001) != nil)
    #expect(!state.beginsFetch(at: 629_999))
    #expect(state.beginsFetch(at: 630_000))
  }
}
