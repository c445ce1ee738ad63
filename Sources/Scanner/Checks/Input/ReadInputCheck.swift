/// Whether the input of what only reads becomes code somewhere (API7, API8).
///
/// Several operations are asked side by side: they cannot disturb each other.
struct ReadInputCheck: Check {
  static let name = "read-input"

  func run(in scan: isolated Scan) async {
    let reads = scan.operations.filter {
      $0.isRead && scan.isWanted($0) && !scan.isLogin($0)
    }
    var next = 0
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<min(max(1, scan.settings.concurrency), reads.count) {
        let operation = reads[next]
        next += 1
        group.addTask { await ReadInputCheck.examine(operation, in: scan) }
      }
      while await group.next() != nil {
        guard next < reads.count, !scan.isOver else { continue }
        let operation = reads[next]
        next += 1
        group.addTask { await ReadInputCheck.examine(operation, in: scan) }
      }
    }
  }

  private static func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let (call, base, values) = await scan.reacher(of: operation) else {
      return await examineUnreached(operation, in: scan)
    }
    for point in InputPoint.all(of: operation, call, values) {
      if point.isText {
        await probe(point, base, in: scan)
      } else if point.schema["type"]?.string != "boolean", point.schema["enum"] == nil {
        await ErrorProbe().probe(point, base, in: scan)
      }
    }
    for point in InputPoint.path(of: operation, call, values) {
      for probe in ProbeCatalogue.path { await probe.probe(point, base, in: scan) }
    }
    scan.noteCheck(name, operation)
  }

  /// What answers nobody with a 2xx may still show that it asks a database.
  private static func examineUnreached(_ operation: Operation, in scan: isolated Scan) async {
    guard let user = scan.users.first ?? scan.administrator,
      let (values, _) = await scan.values(for: operation, of: user.name)
    else { return }
    var call = Call(operation, values, as: user.name)
    scan.complete(&call, for: operation)
    guard let base = await scan.send(call), base.status != 401, base.status != 403 else { return }
    for point in InputPoint.all(of: operation, call, values) where point.isText {
      await ForgeryProbe().probe(point, base, in: scan)
      await QuoteProbe().probe(point, base, in: scan)
      await FileProbe().probe(point, base, in: scan)
      await ErrorProbe().probe(point, base, in: scan)
    }
    for point in InputPoint.path(of: operation, call, values) {
      await IdentifierProbe().probe(point, base, in: scan)
    }
  }

  private static func probe(
    _ point: InputPoint, _ base: Answer, in scan: isolated Scan
  ) async {
    let probes = scan.settings.isQuick ? ProbeCatalogue.quick : ProbeCatalogue.texts
    await withTaskGroup(of: Void.self) { group in
      for probe in probes where scan.wants(type(of: probe).kind, at: point.operation) {
        group.addTask { await probe.probe(point, base, in: scan) }
      }
    }
    // What a database already is would look the same to these.
    if !scan.settings.isQuick { await PathExpressionProbe().probe(point, base, in: scan) }
    await ErrorProbe().probe(point, base, in: scan)
  }
}
