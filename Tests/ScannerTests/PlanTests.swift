import Scanner
import Testing

@Suite struct PlanTests {
  private static let keys = ["openapi", "target", "quick", "rate"]

  private func plan(_ text: String) throws(ScanError) -> ScanPlan {
    try ScanPlan(Array(text.utf8), named: "scan.yaml", keys: PlanTests.keys)
  }

  @Test func `A plan gives values, lists and switches`() throws {
    let plan = try plan("openapi: [a.yaml, b.har]\nquick: true\nrate: 20\n")
    #expect(plan.all("openapi") == ["a.yaml", "b.har"])
    #expect(plan.value("rate") == "20")
    #expect(plan.has("quick"))
    #expect(!plan.has("target"))
  }

  @Test func `An unknown key is refused with the nearest`() {
    let error = #expect(throws: ScanError.self) { try plan("targets: x") }
    #expect("\(String(describing: error))".contains("did you mean 'target'"))
  }

  @Test func `A state is read as it was written`() throws {
    var state = ScanState()
    state.done = ["tokens"]
    state.findings = [
      Finding(place: "GET /a", kind: .crossOrigin, parameter: "Origin", claim: "c", steps: [])
    ]
    let again = try #require(ScanState(Array(state.text.utf8)))
    #expect(again.done == ["tokens"])
    #expect(again.findings.map(\.id) == state.findings.map(\.id))
    #expect(ScanState(Array("{}".utf8)) == nil)
  }
}
