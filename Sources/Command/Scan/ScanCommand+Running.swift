import Base
import Client
import Runtime
import Scanner
import Synchronization

extension ScanCommand {
  func run(in surroundings: Surroundings) -> Int32 {
    Signals.block()
    let outcome = ScanOutcome()
    Task {
      let status = await scan(in: surroundings, outcome)
      outcome.status.withLock { $0 = status }
    }
    while true {
      if let status = outcome.status.withLock({ $0 }) { return status }
      outcome.pacer.tick()
      if Signals.wait(milliseconds: 5) == .terminate {
        if outcome.isStopped.exchange(true, ordering: .relaxed) { return 4 }
        surroundings.complain("gatehouse: stopping; what was found is reported\n")
      }
    }
  }

  private func scan(in surroundings: Surroundings, _ outcome: ScanOutcome) async -> Int32 {
    do throws(ScanError) {
      let order = try order()
      var wanted: RecordedFinding?
      if let replay {
        wanted = try RecordedFinding.read(ScanInputs.file(replay.report))
          .first { $0.id == replay.id }
        if wanted == nil {
          throw .description("\(replay.report) has no finding with the id \(replay.id)")
        }
      }
      let job = try await job(order, surroundings)
      let given = try given(order, job)
      let progress = ScanProgress(surroundings, isQuiet: order.isQuiet || wanted != nil)
      let keeper = ScanStateKeeper(path: wanted == nil ? order.state : nil)
      var report = try await job.run(
        now: { Int(Clock.monotonic.nanoseconds / 1_000_000) }, state: keeper.state,
        pause: { await outcome.pacer.pause(milliseconds: $0) },
        stop: { outcome.isStopped.load(ordering: .relaxed) },
        observe: { event in
          progress.take(event)
          keeper.take(event)
        }
      ) {
        order.settle(&$0)
        $0.given = given
        $0.only = wanted?.kind
        $0.place = wanted?.place
      }
      if let baseline = order.baseline {
        report.earlier = try RecordedFinding.read(ScanInputs.file(baseline))
      }
      for output in order.outputs {
        do throws(FileError) {
          let text = Array(output.kind.text(of: report).utf8)
          try SystemFile.write(text, to: output.path, replacing: true)
        } catch { throw .description("\(output.path) \(error)") }
      }
      if !order.isQuiet { surroundings.print(report.markdown) }
      return status(
        of: report, wanted, order, outcome.isStopped.load(ordering: .relaxed), surroundings)
    } catch {
      surroundings.complain("gatehouse: \(error)\n")
      switch error {
      case .description, .identities: return 2
      case .login, .target: return 3
      }
    }
  }

  private func order() throws(ScanError) -> ScanOrder {
    var plan = ScanPlan()
    if let planPath {
      plan = try ScanPlan(
        ScanInputs.file(planPath), named: planPath, keys: ScanCommand.planKeys)
    }
    do throws(UsageError) { return try ScanOrder(given, plan) } catch {
      throw .description(error.message)
    }
  }

  private func job(
    _ order: ScanOrder, _ surroundings: Surroundings
  ) async throws(ScanError) -> ScanJob {
    let inputs = ScanInputs(
      isInsecure: order.isInsecure, nowUnixSeconds: surroundings.nowUnixSeconds)
    let client = try inputs.client()
    let description = try await inputs.description(
      order.sources, environment: order.environment, target: order.target, client)
    var people = order.people
    if let path = order.identities {
      do throws(FileError) {
        people = try SystemFile.read(path, bytesMax: ScanInputs.fileBytesMax)
      } catch { throw .identities("\(path) \(error)") }
    }
    var job = try ScanJob(
      description, named: order.sources[0], identities: people, target: order.target,
      client: client)
    try inputs.certify(&job.identities)
    return job
  }

  /// The values that operations are given; a place that is not described is said.
  private func given(_ order: ScanOrder, _ job: ScanJob) throws(ScanError) -> GivenValues {
    var bytes = order.valuesInPlan
    if let path = order.values { bytes = try ScanInputs.file(path) }
    guard let bytes else { return GivenValues() }
    let given = try GivenValues(bytes, named: order.values ?? "values")
    try job.check(given)
    return given
  }

  private func status(
    of report: ScanReport, _ wanted: RecordedFinding?, _ order: ScanOrder, _ isStopped: Bool,
    _ surroundings: Surroundings
  ) -> Int32 {
    func fail(_ message: String, _ status: Int32) -> Int32 {
      surroundings.complain("gatehouse: \(message)\n")
      return status
    }
    if let wanted { return report.findings.contains { $0.id == wanted.id } ? 1 : 0 }
    if report.isGone { return fail("the target stopped answering before the end", 3) }
    if report.isExhausted { return fail("the budget has ended before the scan", 4) }
    if isStopped { return fail("the scan was stopped before its end", 4) }
    if report.fresh.contains(where: { $0.kind.score >= order.failsOn }) { return 1 }
    if report.reachedCount * 100 < report.coverage.count * order.coverageMin {
      return fail("less than \(order.coverageMin) % of the operations were reached", 3)
    }
    return 0
  }
}
