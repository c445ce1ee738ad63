/// Whether the input of what changes something becomes code somewhere (API7, API8). Only what the
/// scan made is changed.
struct WriteInputCheck: OperationCheck {
  static let name = "write-input"

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    !operation.isRead && operation.body != nil && !scan.isLogin(operation)
      && operation.method != "DELETE"
      && (!scan.settings.isQuick || !operation.path.contains("{"))
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let (call, base, values) = await ordinary(operation, in: scan) else { return }
    // Whatever is refused for whom asks, or breaks by itself, tells nothing of its input.
    guard base.isSuccess || (base.status < 500 && ![401, 403].contains(base.status)) else {
      return
    }
    let makes = isCreation(operation, in: scan)
    if makes, scan.settings.isQuick { return }
    let changing =
      scan.settings.isQuick ? ProbeCatalogue.quickChanging : ProbeCatalogue.changing
    let probes = makes ? ProbeCatalogue.making : changing
    for point in InputPoint.all(of: operation, call, values) where point.isText {
      if Names.isPassword(point.name) { continue }
      for probe in probes where scan.wants(type(of: probe).kind, at: operation) {
        await probe.probe(point, base, in: scan)
      }
      if !makes { await ErrorProbe().probe(point, base, in: scan) }
    }
  }

  /// An ordinary call, by whoever may, on an object of the scan's.
  private func ordinary(
    _ operation: Operation, in scan: isolated Scan
  ) async -> (Call, Answer, [String: String])? {
    var names: [String?] = [scan.users.first?.name, scan.administrator?.name].compactMap { $0 }
    if scan.isAboutCaller(operation), let account = await scan.makeAccount() {
      names = [account.identity.name]
    }
    if !operation.isSecured || names.isEmpty { names.append(nil) }
    var last: (Call, Answer, [String: String])?
    for name in names {
      guard
        let (values, made) = await scan.values(
          for: operation, of: name ?? "anonymous", fresh: operation.path.contains("{")),
        made != nil || !operation.path.contains("{")
      else { continue }
      for style in scan.contents[operation.name].map({ [$0] }) ?? ContentStyle.allCases {
        var markers: [String] = []
        var call = Call(operation, values, as: name)
        scan.complete(&call, for: operation)
        call.body = await scan.content(of: operation, style, &markers, for: name)
        guard let answer = await scan.send(call) else { return nil }
        scan.note(operation, name, answer)
        if last == nil || answer.isSuccess { last = (call, answer, values) }
        if answer.isSuccess {
          scan.contents[operation.name] = style
          return last
        }
        if [401, 403, 404].contains(answer.status) { break }
      }
    }
    return last
  }

  /// Whether an operation makes an object that stays.
  private func isCreation(_ operation: Operation, in scan: isolated Scan) -> Bool {
    operation.name == scan.registrar?.name
      || scan.operations.contains {
        $0.method != "POST" && $0.path.hasPrefix(operation.path + "/{")
      }
  }
}
