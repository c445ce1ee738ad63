import Base
import Client
import Runtime
import Scanner

/// Runs a scan of a server in the tests.
enum Scanning {
  static func report(
    _ description: String, _ target: String, _ identities: String? = nil,
    state: ScanState = ScanState(), isClocked: Bool = true,
    _ settle: (inout ScanSettings) -> Void = { _ in }
  ) async throws -> ScanReport {
    let client = try Client(ClientConfiguration(egress: .any))
    let job = try ScanJob(
      description: Array(description.utf8), named: "api.yaml",
      identities: identities.map { Array($0.utf8) }, target: target, client: client)
    return try await job.run(
      now: { isClocked ? Int(Clock.monotonic.nanoseconds / 1_000_000) : 0 }, state: state, settle)
  }

  /// The classes and places of what a scan found.
  static func found(_ report: ScanReport) -> Set<String> {
    Set(report.findings.map { "\($0.kind.rawValue) \($0.place)" })
  }
}
