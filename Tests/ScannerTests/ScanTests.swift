import Client
import Scanner
import Testing

@Suite(.serialized) struct ScanTests {
  private func scan(
    _ api: SmallAPI, identities: String = SmallAPI.identities,
    _ settle: (inout ScanSettings) -> Void = { _ in }
  ) async throws -> ScanReport {
    let client = try Client(ClientConfiguration(egress: .any))
    let job = try ScanJob(
      description: Array(SmallAPI.description.utf8), named: "notes.yaml",
      identities: Array(identities.utf8), target: api.target, client: client)
    return try await job.run(now: { 0 }, settle)
  }

  @Test func `A sound API has no findings and is reached whole`() async throws {
    let report = try await scan(SmallAPI(isSound: true))
    #expect(report.findings.map { "\($0.kind.rawValue) \($0.place)" } == [])
    #expect(report.reachedCount == report.coverage.count)
    #expect(report.requestCount <= 40 * report.coverage.count)
  }

  private static let holes: Set<String> = [
    "bola-read GET /notes/{note_id}", "bola-write DELETE /notes/{note_id}", "bfla GET /admin/notes",
    "excessive-data GET /me", "sqli GET /find", "unbounded-page GET /notes",
    "mass-assignment POST /notes", "user-enumeration POST /login", "no-rate-limit POST /login",
  ]

  @Test func `Each hole of a broken API is found, and nothing else`() async throws {
    let report = try await scan(SmallAPI(isSound: false))
    let found = Set(report.findings.map { "\($0.kind.rawValue) \($0.place)" })
    #expect(found == ScanTests.holes)
    #expect(report.findings.allSatisfy { $0.steps.count >= 2 })
  }

  @Test func `A finding is found again on a fresh start, alone`() async throws {
    let first = try await scan(SmallAPI(isSound: false))
    for finding in first.findings {
      let report = try await scan(SmallAPI(isSound: false)) {
        $0.only = finding.kind
        $0.place = finding.place
      }
      #expect(report.findings.map(\.id) == [finding.id], "\(finding.place)")
    }
  }

  @Test func `A login that fails ends the scan and is no result`() async throws {
    let wrong = SmallAPI.identities.replacing("apple-1", with: "wrong")
    let api = try SmallAPI(isSound: true)
    await #expect(throws: ScanError.self) { try await scan(api, identities: wrong) }
  }

  @Test func `A target that is not there ends the scan`() async throws {
    let client = try Client(ClientConfiguration(egress: .any))
    let job = try ScanJob(
      description: Array(SmallAPI.description.utf8), named: "notes.yaml", identities: nil,
      target: "http://127.0.0.1:1", client: client)
    await #expect(throws: ScanError.self) { try await job.run(now: { 0 }) }
  }

  @Test func `The budget of requests is held`() async throws {
    let report = try await scan(SmallAPI(isSound: true)) { $0.requestsMax = 30 }
    #expect(report.isExhausted)
    #expect(report.requestCount == 30)
  }

  @Test func `Reports are made of what was found`() async throws {
    let report = try await scan(SmallAPI(isSound: false))
    let recorded = RecordedFinding.read(Array(report.json.utf8))
    #expect(recorded.map(\.id) == report.findings.map(\.id))
    #expect(report.sarif.contains("\"startLine\":20"))
    #expect(report.junit.contains("<failure message=\"bola-read\" type=\"medium\">"))
    #expect(report.html.hasPrefix("<!doctype html>"))
    #expect(!report.html.contains("<script"))
    for text in [report.json, report.sarif, report.junit, report.html, report.markdown] {
      #expect(!text.contains("apple-1") && !text.contains("berry-2"))
    }
    #expect(report.markdown.contains("| critical |") || report.markdown.contains("| high |"))
  }
}
