import Base
import Client
import Runtime
import Scanner
import Synchronization
import TLS

extension ScanCommand {
  private static let fileBytesMax = 64 * 1024 * 1024

  func run(in surroundings: Surroundings) -> Int32 {
    Signals.block()
    let outcome = ScanOutcome()
    Task {
      let status = await scan(in: surroundings)
      outcome.status.withLock { $0 = status }
    }
    while true {
      if let status = outcome.status.withLock({ $0 }) { return status }
      if Signals.wait(milliseconds: 50) == .terminate {
        surroundings.complain("gatehouse: stopped; nothing is reported\n")
        return 4
      }
    }
  }

  private func scan(in surroundings: Surroundings) async -> Int32 {
    do throws(ScanError) {
      let (job, wanted) = try await job()
      let report = try await job.run(now: { Int(Clock.monotonic.nanoseconds / 1_000_000) }) {
        $0.requestsMax = requestsMax
        $0.only = wanted?.kind
        $0.place = wanted?.place
      }
      for output in outputs {
        do throws(FileError) {
          let text = Array(output.kind.text(of: report).utf8)
          try SystemFile.write(text, to: output.path, replacing: true)
        } catch { return fail("\(output.path) \(error)", 2, surroundings) }
      }
      surroundings.print(report.markdown)
      return try status(of: report, wanted, surroundings)
    } catch {
      switch error {
      case .description, .identities: return fail("\(error)", 2, surroundings)
      case .login, .target: return fail("\(error)", 3, surroundings)
      }
    }
  }

  private func fail(_ message: String, _ status: Int32, _ surroundings: Surroundings) -> Int32 {
    surroundings.complain("gatehouse: \(message)\n")
    return status
  }

  private func status(
    of report: ScanReport, _ wanted: RecordedFinding?, _ surroundings: Surroundings
  ) throws(ScanError) -> Int32 {
    if let wanted { return report.findings.contains { $0.id == wanted.id } ? 1 : 0 }
    if report.isExhausted { return fail("the budget of requests has ended", 4, surroundings) }
    let old =
      try baseline.map { path throws(ScanError) in
        try RecordedFinding.read(file(path)).map(\.id)
      } ?? []
    if report.findings.contains(where: { $0.kind.score >= failsOn && !old.contains($0.id) }) {
      return 1
    }
    if report.reachedCount * 4 < report.coverage.count {
      return fail("less than a quarter of the operations was reached", 3, surroundings)
    }
    return 0
  }

  /// The scan, and the finding to replay.
  private func job() async throws(ScanError) -> (ScanJob, RecordedFinding?) {
    var wanted: RecordedFinding?
    if let replay {
      wanted = try RecordedFinding.read(file(replay.report)).first { $0.id == replay.id }
      if wanted == nil {
        throw .description("\(replay.report) has no finding with the id \(replay.id)")
      }
    }
    let client = try client()
    let description = try await description(client)
    let people = try identities.map { path throws(ScanError) in
      do throws(FileError) {
        return try SystemFile.read(path, bytesMax: ScanCommand.fileBytesMax)
      } catch { throw .identities("\(path) \(error)") }
    }
    let job = try ScanJob(
      description: description, named: source, identities: people, target: target, client: client)
    return (job, wanted)
  }

  private func file(_ path: String) throws(ScanError) -> [UInt8] {
    do throws(FileError) {
      return try SystemFile.read(path, bytesMax: ScanCommand.fileBytesMax)
    } catch { throw .description("\(path) \(error)") }
  }

  private func client() throws(ScanError) -> Client {
    // The operator chose the target: it may well be on a private network.
    var configuration = ClientConfiguration(egress: .any)
    if isInsecure {
      configuration.tls = try? TLSClientContext(TLSClientSettings(verification: .insecure))
    }
    do throws(SystemError) { return try Client(configuration) } catch { throw .target("\(error)") }
  }

  private func description(_ client: Client) async throws(ScanError) -> [UInt8] {
    guard let (origin, path) = ClientOrigin.split(source) else { return try file(source) }
    var request = ClientRequest("GET", origin, target: path)
    request.limits.bodyBytesMax = ScanCommand.fileBytesMax
    do throws(ClientError) {
      let response = try await client.send(request)
      guard response.status == 200 else { throw .malformed("status \(response.status)") }
      return response.body
    } catch { throw .description("\(source): \(error)") }
  }
}
