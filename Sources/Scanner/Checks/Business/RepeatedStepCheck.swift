/// Whether what is good for once, such as a voucher or a refund, gives the same again (API6); and
/// where it does not one after the other, whether it does several times at once.
struct RepeatedStepCheck: OperationCheck {
  static let name = "repeated-step"
  static let isQuick = false
  private static let atOnce = 5
  private static let racesMax = 3

  private static let words = [
    "redeem", "coupon", "voucher", "promo", "giftcard", "referral", "refund", "cashback", "bonus",
    "reward", "welcome",
  ]

  func applies(to operation: Operation, in scan: isolated Scan) -> Bool {
    ["POST", "PUT", "PATCH"].contains(operation.method) && operation.graphField == nil
      && !scan.isLogin(operation) && operation.name != scan.registrar?.name && !scan.users.isEmpty
      && scan.wants(.businessLogic, at: operation) && isForOnce(operation, in: scan)
  }

  /// Whether the path's last words say that it gives something, and it makes nothing by that name.
  private func isForOnce(_ operation: Operation, in scan: isolated Scan) -> Bool {
    let fixed = operation.segments.filter { !$0.hasPrefix("{") }.suffix(2).map(Names.plain)
    guard fixed.contains(where: { word in RepeatedStepCheck.words.contains(where: word.contains) })
    else { return false }
    return !scan.operations.contains { $0.path.hasPrefix(operation.path + "/{") }
      && scan.operation("GET", operation.path) == nil
  }

  /// Something that can be used up: who does it, and with what.
  private struct Use {
    let call: Call
    let looks: [Call]
    let user: String
  }

  func examine(_ operation: Operation, in scan: isolated Scan) async {
    guard let use = await fresh(operation, in: scan),
      let first = await Ledger.look(use.looks, operation, in: scan),
      let still = await Ledger.look(use.looks, operation, in: scan),
      first.growth(since: still).isEmpty,
      let one = await scan.send(use.call)
    else { return }
    scan.note(operation, use.user, one)
    guard one.isSuccess, let after = await Ledger.look(use.looks, operation, in: scan) else {
      return
    }
    let gain = after.growth(since: still).filter { $0.value > 0 }
    guard let name = gain.keys.sorted().first, let worth = gain[name] else { return }
    var steps = still.steps("what the caller has before")
    steps += [FindingStep("the step", use.call, one)] + after.steps("it has more")
    var last = after
    for _ in 0..<2 {
      guard let again = await scan.send(use.call),
        let then = await Ledger.look(use.looks, operation, in: scan)
      else { return }
      let more = then.growth(since: last)[name] ?? 0
      guard again.isSuccess, abs(more - worth) < 0.01 else {
        return more == 0 ? await race(operation, name, worth, in: scan) : ()
      }
      steps += [FindingStep("the same again", use.call, again)] + then.steps("it has as much more")
      last = then
    }
    scan.report(
      .businessLogic, operation, nil, "what is good for once gives the same each time it is used",
      steps)
  }

  /// Uses what is fresh several times at the same moment: a look before a change lets all through.
  private func race(
    _ operation: Operation, _ name: String, _ worth: Double, in scan: isolated Scan
  ) async {
    var steps: [FindingStep] = []
    var won = 0
    for _ in 0..<RepeatedStepCheck.racesMax where won < 2 {
      guard let use = await fresh(operation, in: scan),
        let before = await Ledger.look(use.looks, operation, in: scan)
      else { return }
      let call = use.call
      let answers = await withTaskGroup(of: Answer?.self) { group in
        for _ in 0..<RepeatedStepCheck.atOnce { group.addTask { await scan.send(call) } }
        var all: [Answer] = []
        for await answer in group { if let answer { all.append(answer) } }
        return all
      }
      guard let after = await Ledger.look(use.looks, operation, in: scan) else { return }
      let gain = after.growth(since: before)[name] ?? 0
      guard gain > worth * 1.5, let good = answers.first(where: \.isSuccess) else { continue }
      won += 1
      steps += before.steps("what the caller has before")
      steps += [FindingStep("\(RepeatedStepCheck.atOnce) times at once", use.call, good)]
      steps += after.steps("it has more than one gives")
    }
    guard won == 2 else { return }
    scan.report(
      .businessLogic, operation, nil,
      "what is good for once is given several times to requests at the same moment", steps)
  }

  /// A use that was not made before: by an account of the scan's, or of an object that is new.
  private func fresh(_ operation: Operation, in scan: isolated Scan) async -> Use? {
    guard var user = scan.users.first?.name else { return nil }
    let needsObject = operation.path.contains("{")
    if !needsObject, let account = await scan.makeAccount() { user = account.identity.name }
    guard let (values, made) = await scan.values(for: operation, of: user, fresh: needsObject),
      made != nil || !needsObject
    else { return nil }
    var markers: [String] = []
    var call = Call(operation, values, as: user)
    scan.complete(&call, for: operation)
    call.body = await scan.usualContent(of: operation, &markers, for: user)
    let looks = Ledger.calls(for: user, operation, values, in: scan)
    return looks.isEmpty ? nil : Use(call: call, looks: looks, user: user)
  }
}
